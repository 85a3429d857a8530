import CTrackShim
import Glibc
import Testing

@testable import TrackShim

/// An index that gives a file's times and another file's contents: so it shows whether the contents were looked at.
@Suite struct GitWorkTreeTests {
  private static let second: Int64 = 1_000_000_000

  /// Of one file, with some of what the index has of it changed, in an index that was written `later` after the file.
  private static func verdict(
    later: Int64 = second, milliseconds: Int64 = 60_000, flags: UInt16 = 0, hasWholeSeconds: Bool = false,
    _ change: (inout [UInt32]) -> Void = { _ in }
  ) throws -> GitVerdict {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    Files.makeFolder(folder("d"))
    folder.write("d/a", Array("text\n".utf8))
    let times = [timespec(tv_sec: 1_600_000_000, tv_nsec: 0), timespec(tv_sec: 1_600_000_000, tv_nsec: 0)]
    if hasWholeSeconds { #expect(utimensat(AT_FDCWD, folder("d/a"), times, 0) == 0) }
    var about = tsi_about()
    #expect(tsi_about_at(-100, folder("d/a"), &about) == 0)
    var made = IndexBytes()
    made.add("d/a", flags: flags)
    made.fields = [
      UInt32(about.changed), about.changed_ns, UInt32(about.modified), about.modified_ns, 0,
      UInt32(truncatingIfNeeded: about.inode), 0, about.user, about.group, UInt32(about.size),
    ]
    change(&made.fields)
    let end = about.modified * second + Int64(about.modified_ns) + later
    about.modified = end / second
    about.modified_ns = UInt32(end % second)
    let repository = GitFacts.Repository(folder: folder(".git"), common: folder(".git"), workTree: folder.path)
    let settings = GitSettings(of: repository, home: folder.path, configHome: folder.path, system: folder.path)
    let index = try #require(GitIndex(made.all))
    let tree = try #require(GitWorkTree(folder.path, index, written: about, settings))
    defer { tree.close() }
    var budget = GitBudget(milliseconds: milliseconds)
    return tree.verdict(&budget)
  }

  @Test func whatIsAsItWasIsNotRead() throws {
    #expect(try Self.verdict() == .unchanged)
    #expect(try Self.verdict(later: 25_000_000) == .unchanged)
  }

  /// It may have been written once more in the same moment.
  @Test func whatIsAsNewAsTheIndexIsRead() throws {
    for later in [15_000_000, 0, -1, -Self.second] { #expect(try Self.verdict(later: later) == .changed) }
  }

  @Test func whatIsNotAsItWasIsRead() throws {
    for field in [0, 1, 2, 3, 5, 7, 8] { #expect(try Self.verdict { $0[field] ^= 1 } == .changed, "field \(field)") }
    #expect(try Self.verdict { $0[9] = 0 } == .changed && Self.verdict { $0[9] += 1 } == .changed)
    // The device is another one after each start of some machines.
    #expect(try Self.verdict { $0[4] = 7 } == .unchanged)
  }

  /// Where times are whole seconds, so is the difference.
  @Test func wholeSeconds() throws {
    #expect(try Self.verdict(later: Self.second - 1, hasWholeSeconds: true) == .changed)
    #expect(try Self.verdict(later: Self.second, hasWholeSeconds: true) == .unchanged)
  }

  @Test func notWhenItIsLate() throws {
    #expect(try Self.verdict(milliseconds: -1) == .unknown)
    #expect(try Self.verdict(milliseconds: -1, flags: 0x8000) == .unknown)
    #expect(try Self.verdict(later: 0, flags: 0x8000) == .unchanged)
  }
}
