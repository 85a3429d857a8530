import CTrackShim
import Testing

@testable import TrackShim

@Suite struct GitSettingsTests {
  /// A folder with a repository in `.git` and a home in `home`.
  private static func settings(_ files: [String: String]) -> (GitSettings, TemporaryFolder) {
    let folder = TemporaryFolder()
    for path in [".git/info", "home/.config/git", "etc"] { Files.makeFolder(folder(path)) }
    for (path, text) in files { folder.write(path, Array(text.utf8)) }
    let repository = GitFacts.Repository(folder: folder(".git"), common: folder(".git"), workTree: folder.path)
    return (GitSettings(of: repository, home: folder("home"), configHome: "", system: folder("etc")), folder)
  }

  private static func isUnderstood(_ files: [String: String]) -> Bool {
    let (settings, folder) = settings(files)
    folder.remove()
    return settings.isUnderstood
  }

  @Test(
    arguments: [
      "", "[core]\nbare = true\n", "[core]\nrepositoryformatversion = 1\nsymlinks = TRUE\n", "[core]\nworktree = ..\n",
      "[extensions]\nobjectformat = sha1\nrefstorage = files\nnoop\npreciousObjects = true\npartialClone = origin\nworktreeConfig = true\n",
      "[includeIf \"gitdir:x\"]\npath = nowhere\n", "[include]\npath = more\n",
    ])
  func whatIsUnderstood(_ config: String) { #expect(Self.isUnderstood([".git/config": config])) }

  @Test(
    arguments: [
      "[core]\nrepositoryformatversion = 2\n", "[core]\nworktree = ../elsewhere\n", "[core]\nsymlinks = false\n",
      "[core]\nsymlinks = maybe\n", "[core]\nfilemode\n", "[extensions]\nobjectformat = sha256\n",
      "[extensions]\nrefstorage = reftable\n", "[extensions]\ntomorrow = 1\n", "[include]\npath = config\n",
    ])
  func whatIsNot(_ config: String) {
    #expect(!Self.isUnderstood([".git/config": config]))
  }

  /// The last one counts, of the system's, the user's and the repository's.
  @Test func oneAfterTheOther() {
    func bits(_ files: [String: String]) -> Bool {
      let (settings, folder) = Self.settings(files)
      folder.remove()
      return settings.isUnderstood && settings.hasExecutableBits
    }
    let yes = "[core]\nfileMode = true\n", no = "[core]\nfileMode = false\n"
    let order = ["etc/gitconfig", "home/.config/git/config", "home/.gitconfig", ".git/config"]
    #expect(bits([:]))
    for (index, file) in order.enumerated() {
      #expect(!bits([file: no]))
      for later in order.dropFirst(index + 1) {
        #expect(bits([file: no, later: yes]) && !bits([file: yes, later: no]))
      }
    }
    #expect(!bits([".git/config": "[include]\npath = more\n" + "", ".git/more": no]))
    #expect(bits([".git/config": "[include]\npath = ~/more\n" + yes, "home/more": no]))
    let worktree = "[extensions]\nworktreeConfig = true\n"
    #expect(bits([".git/config.worktree": no]) && !bits([".git/config": worktree, ".git/config.worktree": no]))
    // What is under a condition may hold or not.
    #expect(!Self.isUnderstood(["home/.gitconfig": "[includeIf \"x\"]\npath = m\n", "home/m": yes]))
    #expect(Self.isUnderstood(["home/.gitconfig": "[includeIf \"x\"]\npath = m\n", "home/m": "[user]\nname = x\n"]))
  }

  @Test func whatElseCounts() {
    func found(_ files: [String: String]) -> [Bool] {
      let (settings, folder) = Self.settings(files)
      folder.remove()
      return [settings.isSparse, settings.ignoresInner]
    }
    #expect(found([:]) == [false, false])
    #expect(found([".git/config": "[core]\nsparseCheckout = true\n"]) == [true, false])
    #expect(found([".git/config": "[submodule \"a\"]\nignore = all\n"]) == [false, true])
    #expect(found([".gitmodules": "[submodule \"a\"]\npath = a\n"]) == [false, false])
    #expect(found([".gitmodules": "[submodule \"a\"]\nignore = dirty\n"]) == [false, true])
    #expect(found(["home/.gitconfig": "[diff]\nignoreSubmodules = all\n"]) == [false, true])
  }

  @Test func filesOfAttributes() {
    let (settings, folder) = Self.settings([
      "home/.gitconfig": "[core]\nattributesFile = ~/a\n", ".git/config": "[core]\nattributesFile = b\n",
    ])
    folder.remove()
    let expected = [
      "etc/gitattributes", "home/.config/git/attributes", ".git/info/attributes", "home/a", ".git/b",
    ]
    #expect(settings.attributeFiles == expected.map { folder($0) })
  }
}

@Suite struct GitAttributesTests {
  private static func effect(_ rules: String, on path: String, in file: String = ".gitattributes")
    -> GitAttributes.Effect
  {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder("d/e"))
    folder.write(file, Array(rules.utf8))
    return GitAttributes(root: folder.path, files: [folder("everywhere")]).effect(on: Array(path.utf8))
  }

  static let rules: [(String, String, GitAttributes.Effect)] = [
    ("", "a", .none), ("*.bin filter=lfs -text\n", "a.bin", .anything), ("*.bin filter=lfs\n", "a.py", .none),
    ("*.BIN filter=lfs\n", "d/a.bin", .anything), ("a filter=x", "a", .anything), ("a filter=x", "d/a", .anything),
    ("a filter=x", "ab", .none), ("# * filter=x\n", "a", .none), ("* linguist-vendored\n", "a", .none),
    ("* text=auto\n", "a", .lineEnds), ("*\ttext\r\n", "a", .lineEnds), ("* eol=lf", "a", .lineEnds),
    ("* -text", "a", .none), ("* -filter !ident\n", "a", .none), ("* binary", "a", .none),
    ("* text=auto\n*.c ident", "a.c", .anything), ("*.c ident\n* text", "a.c", .anything),
    ("*.c working-tree-encoding=UTF-16", "a.c", .anything),
    // Not read as git does: they may name it.
    ("/a filter=x", "b", .anything), ("d/** filter=x", "b", .anything), ("a? filter=x", "b", .anything),
    ("\"a b\" filter=x", "b", .anything), ("[attr]own filter=x", "b", .anything), ("a* filter=x", "b", .anything),
  ]

  @Test(arguments: rules) func whatMayHappenToAFile(_ rules: String, _ path: String, _ effect: GitAttributes.Effect) {
    #expect(Self.effect(rules, on: path) == effect)
    #expect(Self.effect(rules, on: path, in: "everywhere") == effect)
  }

  @Test func onlyBelowTheirFolder() {
    for path in ["d/a", "d/e/a"] { #expect(Self.effect("* filter=x", on: path, in: "d/.gitattributes") == .anything) }
    for path in ["a", "da", "e/a"] { #expect(Self.effect("* filter=x", on: path, in: "d/.gitattributes") == .none) }
  }

  @Test func tooManyOfThem() {
    #expect(Self.effect(String(repeating: "# nothing\n", count: 7_000), on: "a") == .anything)
  }
}

@Suite struct GitContentsTests {
  private static func read(_ bytes: [UInt8], size: Int? = nil, limit: UInt64 = 1 << 20) -> GitContents? {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("a", bytes)
    let file = tsi_open(folder("a"), 0, 0)
    defer { _ = tsi_close(file) }
    var budget = GitBudget(milliseconds: 60_000, bytes: limit)
    return GitContents.read(file, size: UInt64(size ?? bytes.count), &budget)
  }

  @Test(
    arguments: [
      ("", nil), ("a\nb\n", nil), ("a\rb\r", nil), ("a\r\nb", "a\nb"), ("a\r\r\nb\r", "a\r\nb\r"), ("\r\n\r\n", "\n\n"),
    ] as [(String, String?)])
  func lineEnds(_ text: String, _ plain: String?) {
    // Also on both sides of where a piece ends.
    for before in [0, 1, 65_530, 65_531, 65_532, 65_533, 65_534, 65_535, 65_536] {
      let start = String(repeating: "x", count: before)
      let found = Self.read(Array((start + text).utf8))
      #expect(found?.id == GitObject.id(of: Array((start + text).utf8), "blob"))
      #expect(found?.idOfText == plain.map { GitObject.id(of: Array((start + $0).utf8), "blob") })
    }
  }

  @Test func onlyAWholeFile() {
    let bytes = [UInt8](repeating: 0x61, count: 70_000)
    #expect(Self.read(bytes, limit: 70_000) != nil && Self.read(bytes, limit: 69_999) == nil)
    #expect(Self.read(bytes, size: 69_999) == nil && Self.read(bytes, size: 70_001) == nil)
  }
}
