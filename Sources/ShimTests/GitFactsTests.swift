import Glibc
import Testing

@testable import TrackShim

@Suite struct GitFactsTests {
  private static let commit = String(repeating: "0123456789", count: 4)
  private static let other = String(repeating: "abcdef0123", count: 4)

  /// Files by path; a folder is made for each.
  private static func tree(_ files: [String: String]) -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (path, text) in files {
      let full = folder(path)
      if let slash = full.lastIndex(of: "/") { Files.makeFolder(String(full[..<slash])) }
      folder.write(path, Array(text.utf8))
    }
    return folder
  }

  private static func find(_ files: [String: String], from path: String = "") -> GitRecord? {
    let folder = tree(files)
    defer { folder.remove() }
    return GitFacts.find(from: path.isEmpty ? folder.path : folder(path))
  }

  // MARK: The branch

  @Test(
    arguments: [
      ([".git/HEAD": "ref: refs/heads/main\n"], "main"), ([".git/HEAD": "ref:\trefs/heads/a/b"], "a/b"),
      ([".git/HEAD": commit], ""), ([".git/HEAD": "ref: refs/tags/x"], ""), ([".git/HEAD": "ref: refs/heads/../x"], ""),
      ([".git": "gitdir: g", "g/HEAD": "ref: refs/heads/w", "g/commondir": "../c\n"], "w"), ([:], ""),
    ])
  func theBranch(_ files: [String: String], _ branch: String) {
    let folder = Self.tree(files)
    defer { folder.remove() }
    #expect(GitFacts.branch(from: folder.path) == branch)
  }

  // MARK: The commit

  static let commits: [([String: String], String)] = [
    ([".git/HEAD": commit + "\n"], commit),
    ([".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": commit + "\n"], commit),
    ([".git/HEAD": "ref:\trefs/heads/a/b", ".git/refs/heads/a/b": commit], commit),
    ([".git/HEAD": "ref: refs/x", ".git/refs/x": "ref: refs/y\n", ".git/refs/y": commit], commit),
    (
      [
        ".git/HEAD": "ref: refs/heads/main\n",
        ".git/packed-refs": "# pack-refs with: peeled\n\(other) refs/heads/mai\n\(commit) refs/heads/main\n^\(other)\n",
      ], commit
    ),
    ([".git/HEAD": "ref: refs/x", ".git/refs/x": commit, ".git/packed-refs": "\(other) refs/x\n"], commit),
    ([".git/HEAD": "ref: refs/x", ".git/packed-refs": "\(other) refs/xx\n\(commit) refs/x"], commit),
    ([".git/HEAD": commit + commit.prefix(24)], commit + commit.prefix(24)),
    (["a/.git": "gitdir: ../g\n", "g/HEAD": commit], ""),
    ([".git": "gitdir: g\n", "g/HEAD": commit], commit),
    ([".git": "gitdir: g", "g/HEAD": "ref: refs/x", "g/commondir": "../c\n", "c/refs/x": commit], commit),
    (
      [".git": "gitdir: g", "g/HEAD": "ref: refs/x", "g/commondir": "../c", "c/packed-refs": "\(commit) refs/x\n"],
      commit
    ),
    // No commit, or nothing that could be one.
    ([".git/HEAD": "ref: refs/heads/main\n"], ""), ([".git/HEAD": ""], ""),
    ([".git/HEAD": commit.uppercased() + "A"], ""),
    ([".git/HEAD": "ref: refs/../../x", "x": commit], ""), ([".git/HEAD": "ref: /etc/passwd"], ""),
    ([".git/HEAD": "ref: refs/x", ".git/refs/x": "ref: refs/x"], ""), ([".git/HEAD": "ref: refs/heads/.invalid"], ""),
    ([".git": "nothing"], ""), ([".git/config": ""], ""),
  ]

  @Test(arguments: commits) func theCommit(_ files: [String: String], _ commit: String) {
    #expect(Self.find(files)?.commit ?? "" == commit)
  }

  @Test func foldersAboveAreSearched() {
    let files = ["a/.git/HEAD": Self.commit, "a/b/c/d": "", ".git/HEAD": Self.other]
    #expect(Self.find(files, from: "a/b/c")?.commit == Self.commit)
    #expect(Self.find(files, from: "a/b/c//")?.commit == Self.commit)
    #expect(Self.find(files)?.commit == Self.other)
    #expect(
      GitFacts.find(from: "") == nil && GitFacts.find(from: "relative") == nil && GitFacts.find(from: "/proc") == nil)
  }

  @Test func aLongListOfPackedRefs() {
    let lines = (0..<30_000).map { "\(Self.other) refs/tags/v\($0)\n" }.joined()
    for list in [lines + "\(Self.commit) refs/x\n", "\(Self.commit) refs/x\n" + lines, lines + "\(Self.commit) refs/x"]
    {
      #expect(Self.find([".git/HEAD": "ref: refs/x", ".git/packed-refs": list])?.commit == Self.commit)
    }
    let endless = String(repeating: "x", count: 3 << 20) + "\n\(Self.commit) refs/x\n"
    #expect(Self.find([".git/HEAD": "ref: refs/x", ".git/packed-refs": endless]) == nil)
  }

  // MARK: The remote

  static let configs: [(String, String?)] = [
    ("[remote \"origin\"]\n\turl = https://h/x.git\n\tfetch = +refs/*:refs/*\n", "https://h/x.git"),
    ("[core]\nurl = a\n[Remote \"origin\"] URL=b # c\n[remote \"Origin\"]\nurl=c\n", "b"),
    ("[remote \"origin\"]\nurl = a\nurl = b\n", "b"), ("[remote.ORIGIN]\nurl = a", "a"),
    ("[remote \"origin\"]\nurl = \"a # b\" ; c\n", "a # b"), ("[remote \"origin\"]\nurl = a\\\n b\n", "a b"),
    ("[remote \"origin\"]\nurl = a\\tb\\\\c\\\"d \t\n", "a\tb\\c\"d"), ("[remote \"origin\"]\r\nurl = a\r\n", "a"),
    ("; url\n# [remote \"origin\"]\nurl = a\n", nil), ("[remote \"upstream\"]\nurl = a\n", nil),
    ("[remote \"or\\igin\"]\npushurl = x\nurl = a", "a"), ("[remote \"origin\"\nurl = a", nil),
    ("[remote \"origin\"]\nurl\n", ""), ("", nil),
  ]

  @Test(arguments: configs) func theConfig(_ text: String, _ url: String?) {
    #expect(GitConfig.originURL(in: Array(text.utf8)) == url)
  }

  static let remotes: [(String, String?)] = [
    ("https://github.com/o/r.git", "https://github.com/o/r.git"), ("https://user@h/x", "https://h/x"),
    ("https://user:ghp_secret@h:8443/x", "https://h:8443/x"), ("https://ghp_secret@h/x", "https://h/x"),
    ("https://oauth2:se@cret@h/x", "https://h/x"), ("https://h/x?token=secret#secret", "https://h/x"),
    ("https://u:secret/more@h/x", nil), ("https://u:secret#more@h/x", nil), ("https://u:secret\\more@h/x", nil),
    ("ssh://git@h:22/x", "ssh://h:22/x"), ("https://h/@scope/x", "https://h/@scope/x"), ("git@h:o/r.git", "h:o/r.git"),
    ("h:o/r", "h:o/r"), ("u:secret@h:o/r", nil), ("git@h:a@b/r", "h:a@b/r"), ("/srv/r.git", "/srv/r.git"),
    ("../r", "../r"), ("./a:b@c", "./a:b@c"), ("file:///srv/r", "file:///srv/r"), ("ext::sh -c secret% %S", nil),
    ("http::https://u:secret@h/x", nil), ("", nil), ("a\nb", nil), (String(repeating: "x", count: 2049), nil),
  ]

  @Test(arguments: remotes) func nothingThatLetsSomebodyIn(_ url: String, _ expected: String?) {
    let harmless = GitRemote.harmless(url)
    #expect(harmless == expected)
    #expect(harmless?.contains("secret") != true)
  }

  @Test func aRepositoryWithoutACommitHasARemote() {
    let record = Self.find([".git/HEAD": "ref: refs/x", ".git/config": "[remote \"origin\"]\nurl = git@h:x\n"])
    #expect(record?.remoteURL == "h:x")
    #expect(record?.commit == "")
  }

  @Test func anyBytesAreAConfig() {
    var random = SplitMix(seed: 303)
    let parts = [
      "[remote \"origin\"]", "[", "]", "\"", "\\", "\n", "\r\n", " ", "=", "url", "url = a", "#", ";", "remote", ".",
      "\0", "é",
    ]
    var found = 0
    for round in 0..<4_000 {
      let text = (0..<random.below(20)).map { _ in parts[random.below(parts.count)] }.joined()
      let bytes = round % 4 == 0 ? random.bytes(random.below(80)) : Array(text.utf8)
      guard let url = GitConfig.originURL(in: bytes) else { continue }
      found += 1
      #expect((GitRemote.harmless(url) ?? "").utf8.count <= bytes.count)
    }
    #expect(found > 20)
  }

  // MARK: Against git

  @Test(
    .enabled(if: GitShell.isThere, "git is not installed"),
    arguments: [
      "true", "\(GitShell.git) checkout -q -b feature/x", "\(GitShell.git) checkout -q --detach HEAD~1",
      "\(GitShell.git) pack-refs --all",
      "\(GitShell.git) gc -q", "\(GitShell.git) worktree add -q -b w work && cd work && mkdir deep && cd deep",
      "\(GitShell.git) worktree add -q --detach work HEAD~1 && \(GitShell.git) pack-refs --all && cd work",
      "\(GitShell.git) init -q sub && cd sub && \(GitShell.git) commit -q --allow-empty -m s",
      "mkdir deep && cd deep && \(GitShell.git) symbolic-ref refs/heads/other refs/heads/main "
        + "&& \(GitShell.git) symbolic-ref HEAD refs/heads/other",
      "\(GitShell.git) tag -a v1 -m t && \(GitShell.git) pack-refs --all && \(GitShell.git) checkout -q v1",
    ])
  func asGitSaysIt(_ change: String) {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let setUp =
      "\(GitShell.git) init -q . && \(GitShell.git) commit -q --allow-empty -m 1 "
      + "&& \(GitShell.git) commit -q --allow-empty -m 2 && "
      + "git remote add origin 'https://me:secret@h.example/\"o\"/r.git' && \(change)"
    let place = GitShell.run("\(setUp) && pwd", in: folder.path)
    #expect(place.hasPrefix(folder.path))
    let record = GitFacts.find(from: place)
    #expect(record?.commit == GitShell.run("git rev-parse HEAD", in: place))
    let isOwn = place.hasSuffix("/sub")
    #expect(record?.remoteURL == (isOwn ? "" : "https://h.example/\"o\"/r.git"))
  }
}
