import CTrackShim
import Testing

@testable import TrackShim

@Suite struct GitDeltaTests {
  private static let base = Array("0123456789".utf8)

  static let deltas: [([UInt8], String?)] = [
    ([10, 3, 0x90, 3], "012"), ([10, 3, 0x91, 7, 3], "789"), ([10, 5, 3, 0x61, 0x62, 0x63, 0x91, 1, 2], "abc12"),
    ([10, 0], ""), ([0x8A, 0, 1, 1, 0x7A], "z"),
    // Another base, more or less than was said, beyond the end, nothing to do, cut off.
    ([9, 3, 0x90, 3], nil), ([10, 2, 0x90, 3], nil), ([10, 4, 0x90, 3], nil), ([10, 3, 0x91, 8, 3], nil),
    ([10, 3, 0x93, 0, 1, 3], nil), ([10, 1, 0], nil), ([10, 3, 3, 0x61], nil), ([10, 3, 0x91, 7], nil), ([10], nil),
    ([], nil), ([10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], nil),
    // A size of 0 stands for 65,536, of which there are not so many.
    ([10, 0x80, 0x80, 4, 0x80], nil),
  ]

  @Test(arguments: deltas) func whatIsMadeOfAnother(delta: [UInt8], text: String?) {
    #expect(GitDelta.apply(delta, to: Self.base, limit: 100)?.asText == text)
  }

  @Test func noMoreThanTheLimit() {
    let delta: [UInt8] = [10, 20, 0x90, 10, 0x90, 10]
    #expect(GitDelta.apply(delta, to: Self.base, limit: 20)?.count == 20)
    #expect(GitDelta.apply(delta, to: Self.base, limit: 19) == nil)
    let long = [UInt8](repeating: 7, count: 65_536)
    #expect(GitDelta.apply([0x80, 0x80, 4, 0x80, 0x80, 4, 0x80], to: long, limit: 65_536) == long)
  }
}

@Suite(.enabled(if: GitShell.isThere, "git is not installed")) struct GitObjectsTests {
  /// A repository with some commits, then changed by a command; the folder in which it ends.
  private static func repository(_ change: String) -> (TemporaryFolder, String) {
    let folder = TemporaryFolder()
    let commits =
      "for i in 1 2 3 4 5 6; do mkdir -p d$i; seq 1 $((i * 60)) >d$i/f; git add .; seq 1 300 | sed s/7/$i/ | "
      + "\(GitShell.git) commit -q -F -; done"
    let place = GitShell.run("\(GitShell.git) init -q . && \(commits) && { \(change); } && pwd", in: folder.path)
    return (folder, place)
  }

  @Test(
    arguments: [
      "true", "\(GitShell.git) gc -q", "git repack -adfq --depth=50 --window=50",
      "git -c pack.deltaCacheSize=0 repack -adfq --depth=200 --window=200; git prune-packed",
      "git repack -dq; \(GitShell.git) commit -q --allow-empty -m 7; git repack -dq",
      "\(GitShell.git) worktree add -q w && cd w", "git multi-pack-index write; git gc -q",
      "git clone -q -s . c && cd c", "git clone -q -s . c && git clone -q -s c e && cd e",
      "git -c pack.indexVersion=2 repack -adq", "git -c core.compression=0 repack -adFq",
    ])
  func commitsAndTreesAsGitHasThem(_ change: String) throws {
    let (folder, place) = Self.repository(change)
    defer { folder.remove() }
    let repository = try #require(GitFacts.repository(around: place), "\(place)")
    let objects = GitObjects(in: repository)
    let budget = GitBudget(milliseconds: 60_000)
    for back in 0..<6 {
      let commit = GitShell.run("git rev-parse HEAD~\(back)", in: place)
      let tree = GitShell.run("git rev-parse HEAD~\(back)^{tree}", in: place)
      let id = try #require(GitObject.id(digits: Array(commit.utf8)), "\(commit)")
      #expect(objects.tree(ofCommit: id, budget)?.hexadecimal == tree)
      let found = try #require(GitObject.id(digits: Array(tree.utf8)))
      #expect(objects.content(of: found, .tree, budget) != nil && objects.content(of: found, .commit, budget) == nil)
    }
    #expect(objects.tree(ofCommit: [UInt8](repeating: 1, count: 20), budget) == nil)
  }

  @Test func differencesAreAmongThem() {
    let (folder, place) = Self.repository("git repack -adfq --depth=50 --window=50")
    defer { folder.remove() }
    let longest = GitShell.run(
      "git verify-pack -v .git/objects/pack/*.idx | grep -c 'commit .* [1-9][0-9]* [0-9a-f]\\{40\\}$'", in: place)
    #expect((Int(longest) ?? 0) > 2)
  }

  /// A chain of them takes its time.
  @Test func notWhenItIsLate() throws {
    let (folder, place) = Self.repository("git repack -adfq; git prune-packed")
    defer { folder.remove() }
    let head = GitShell.run("git rev-parse HEAD", in: place)
    let id = try #require(GitObject.id(digits: Array(head.utf8)))
    let objects = GitObjects(in: try #require(GitFacts.repository(around: place)))
    #expect(objects.tree(ofCommit: id, GitBudget(milliseconds: 60_000)) != nil)
    #expect(objects.tree(ofCommit: id, GitBudget(milliseconds: -1)) == nil)
  }

  static let noNames = ["", "g", "A", "/", ":", "`"].map { String(repeating: $0, count: 40) }
  @Test(arguments: noNames) func noName(_ digits: String) { #expect(GitObject.id(digits: Array(digits.utf8)) == nil) }

  /// What has another content than its name says is none.
  @Test func aFileUnderAnotherName() throws {
    let (folder, place) = Self.repository("true")
    defer { folder.remove() }
    let ids = ["HEAD", "HEAD~1"].map { GitShell.run("git rev-parse \($0)", in: place) }
    let files = ids.map { ".git/objects/\($0.prefix(2))/\($0.dropFirst(2))" }
    #expect(GitShell.run("cp -f \(files[1]) \(files[0]) && echo done", in: place) == "done")
    let repository = try #require(GitFacts.repository(around: place))
    let found = try ids.map { try #require(GitObject.id(digits: Array($0.utf8))) }
    let objects = GitObjects(in: repository), budget = GitBudget(milliseconds: 60_000)
    #expect(objects.tree(ofCommit: found[0], budget) == nil && objects.tree(ofCommit: found[1], budget) != nil)
  }

  @Test(arguments: [
    "true", "git rm -rqf .", "git update-index --index-version 4", "git add -N . ; echo x >new; git add -N new",
  ])
  func theTreeOfAnIndex(_ change: String) throws {
    let names = "mkdir -p a/b/c a.b a-b; for f in a/b/c/d a/b/c.d a/b.c a.b/c a-b/c 'a b' zz; do echo $f >\"$f\"; done"
    let (folder, place) = Self.repository("\(names); ln -s zz l; chmod +x zz; git add .; \(change)")
    defer { folder.remove() }
    let index = try #require(GitIndex(try Files.read(place + "/.git/index")))
    let tree = GitShell.run("git write-tree", in: place)
    #expect(GitTreeBuilder.root(of: index)?.hexadecimal == tree)
    // Now git has left word of it there.
    let written = try #require(GitIndex(try Files.read(place + "/.git/index")))
    #expect(written.tree?.hexadecimal == (change.contains("-N") ? nil : tree))
  }
}
