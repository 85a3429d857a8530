import CTrackShim
import Glibc
import Testing

@testable import TrackShim

extension JournalFile {
  fileprivate mutating func append(_ bytes: [UInt8]) { append { pending, _ in pending += bytes } }
}

@Suite struct JournalFileTests {
  private let second: Int64 = 1_000_000_000

  private func withFolder(_ body: (TemporaryFolder) throws -> Void) rethrows {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    try body(folder)
  }

  private func expectWritten(_ file: inout JournalFile, now: Int64, at place: SourceLocation = #_sourceLocation) {
    let isWritten = file.write(now: now)
    #expect(isWritten, sourceLocation: place)
  }

  private func expectNotWritten(_ file: inout JournalFile, now: Int64, at place: SourceLocation = #_sourceLocation) {
    let isWritten = file.write(now: now)
    #expect(!isWritten, sourceLocation: place)
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func writesWhatWasAppended() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      expectWritten(&file, now: 0)
      file.append(bytes("one"))
      #expect(file.hasPending)
      #expect(file.end == 3)
      #expect(folder.read("j") == [])
      file.append(bytes("two"))
      expectWritten(&file, now: 0)
      #expect(!file.hasPending)
      #expect(file.size == 6)
      #expect(folder.read("j") == bytes("onetwo"))
    }
  }

  @Test func nothingThatExistsIsTouched() {
    withFolder { folder in
      folder.write("j", bytes("mine"))
      _ = tsi_symlink("elsewhere", folder("link"))
      #expect(throws: SystemError.exists) { _ = try JournalFile(creating: folder("j")) }
      #expect(throws: SystemError.exists) { try JournalFile(creating: folder("link")) }
      #expect(throws: SystemError(40)) { try JournalFile(continuing: folder("link"), at: 0) }
      #expect(throws: SystemError(2)) { try JournalFile(creating: folder("no/j")) }
      #expect(folder.read("j") == bytes("mine"))
      #expect(!Files.exists(folder("elsewhere")))
    }
  }

  @Test func continuingCutsWhatIsNotWhole() throws {
    try withFolder { folder in
      folder.write("j", bytes("whole and a ha"))
      var file = try JournalFile(continuing: folder("j"), at: 5)
      #expect(folder.read("j") == bytes("whole"))
      file.append(bytes(" again"))
      expectWritten(&file, now: 0)
      #expect(folder.read("j") == bytes("whole again"))
    }
  }

  @Test func rewinding() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      file.append(bytes("0123456789"))
      file.rewind(to: 8)
      #expect(file.end == 8)
      expectWritten(&file, now: 0)
      file.append(bytes("89ab"))
      file.rewind(to: 10)
      file.rewind(to: 10)
      expectWritten(&file, now: 0)
      #expect(folder.read("j") == bytes("0123456789"))
      // Into what is written already, over what is pending.
      file.append(bytes("pending"))
      file.rewind(to: 4)
      #expect(!file.hasPending)
      // Not before there is something else: a death now finds what was there.
      #expect(folder.read("j") == bytes("0123456789"))
      file.append(bytes("X"))
      expectWritten(&file, now: 0)
      #expect(folder.read("j") == bytes("0123X"))
      // Beyond the end there is nothing to take back.
      file.rewind(to: 4_000)
      #expect(file.end == 5)
    }
  }

  // MARK: Failures

  /// Where nobody can write: a folder has the journal's name.
  private func breakFile(_ folder: TemporaryFolder) {
    _ = tsi_rename(folder("j"), folder("aside"))
    _ = tsi_mkdir(folder("j"), 0o777)
  }

  private func mendFile(_ folder: TemporaryFolder) {
    _ = rmdir(folder("j"))
    _ = tsi_rename(folder("aside"), folder("j"))
  }

  @Test func whatCannotBeWrittenIsTriedAgainAndNotLost() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      file.append(bytes("a"))
      expectWritten(&file, now: 0)
      breakFile(folder)
      file.append(bytes("b"))
      expectNotWritten(&file, now: 10 * second)
      #expect(file.state == .failing(SystemError(21)))
      file.append(bytes("c"))
      mendFile(folder)
      // Not before the pause is over.
      expectNotWritten(&file, now: 11 * second - 1)
      #expect(folder.read("j") == bytes("a"))
      expectWritten(&file, now: 11 * second)
      #expect(file.state == .good)
      #expect(folder.read("j") == bytes("abc"))
    }
  }

  @Test func pastTheLimitTheJournalEnds() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      file.append(bytes("a"))
      expectWritten(&file, now: 0)
      breakFile(folder)
      file.append([UInt8](repeating: 1, count: JournalFile.memoryLimit))
      expectNotWritten(&file, now: 0)
      #expect(file.state == .failing(SystemError(21)))
      file.append([1])
      // Also while it waits for the next try.
      expectNotWritten(&file, now: 1)
      #expect(file.state == .givenUp(SystemError(21)))
      #expect(!file.hasPending)
      mendFile(folder)
      file.append([1])
      expectWritten(&file, now: 100 * second)
      #expect(file.state == .givenUp(SystemError(21)))
      #expect(folder.read("j") == bytes("a"))
    }
  }

  /// An end that is taken back after the journal was given up: the place to go back to is gone.
  @Test func rewindingAfterGivingUp() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      breakFile(folder)
      file.append(bytes("pending"))
      let mark = file.end
      file.append([UInt8](repeating: 1, count: JournalFile.memoryLimit))
      expectNotWritten(&file, now: 0)
      #expect(file.state == .givenUp(SystemError(21)))
      file.rewind(to: mark)
      #expect(file.end == 0)
    }
  }

  @Test func aRewindOfAFileThatFailsIsDoneLater() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      file.append(bytes("0123"))
      expectWritten(&file, now: 0)
      breakFile(folder)
      file.append(bytes("pending"))
      file.rewind(to: 2)
      #expect(file.end == 2)
      mendFile(folder)
      file.append(bytes("X"))
      expectWritten(&file, now: 0)
      #expect(folder.read("j") == bytes("01X"))
    }
  }

  private static let mayMakeDevices: Bool = {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    guard mknod(folder("full"), S_IFCHR | 0o600, makeDevice(1, 7)) == 0 else { return false }
    let file = tsi_open(folder("full"), OpenFlags.readWrite, 0)
    defer { if file >= 0 { _ = tsi_close(file) } }
    return file >= 0
  }()

  private static func makeDevice(_ major: UInt64, _ minor: UInt64) -> dev_t { dev_t(major << 8 | minor) }

  /// The kernel's own full disk, under a name of ours: /dev/full itself exists and so cannot be created.
  @Test(.enabled(if: mayMakeDevices, "needs the right to make a device file")) func aFullDisk() throws {
    try withFolder { folder in
      var file = try JournalFile(creating: folder("j"))
      file.append(bytes("a"))
      expectWritten(&file, now: 0)
      _ = tsi_rename(folder("j"), folder("aside"))
      #expect(mknod(folder("j"), S_IFCHR | 0o600, Self.makeDevice(1, 7)) == 0)
      file.append(bytes("b"))
      expectNotWritten(&file, now: 0)
      #expect(file.state == .failing(SystemError(28)))
      #expect(file.size == 1)
      _ = tsi_unlink(folder("j"))
      _ = tsi_rename(folder("aside"), folder("j"))
      expectWritten(&file, now: second)
      #expect(folder.read("j") == bytes("ab"))
    }
  }

  /// The largest file that the file system under /tmp can hold.
  private static let largestFile: Int = {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let file = tsi_open(folder("j"), OpenFlags.create, 0o600)
    defer { _ = tsi_close(file) }
    var (possible, impossible) = (0, Int.max)
    while impossible - possible > 1 {
      let middle = possible + (impossible - possible) / 2
      if tsi_truncate(file, Int64(middle)) == 0 { possible = middle } else { impossible = middle }
    }
    return possible
  }()

  /// A write of which only the first bytes fit is cut off again. What is short here is not the disk but the
  /// numbers: the file, all hole, already has nearly the largest size there is.
  @Test(.enabled(if: (1 << 20..<Int.max >> 1).contains(largestFile), "needs a file system with a limit"))
  func aWriteThatIsCutShort() throws {
    try withFolder { folder in
      folder.write("j", [])
      let size = Self.largestFile - 10
      var file = try JournalFile(continuing: folder("j"), at: size)
      file.append([UInt8](repeating: 1, count: 20))
      expectNotWritten(&file, now: 0)
      #expect(file.state == .failing(SystemError(27)))
      #expect(file.size == size)
      let descriptor = tsi_open(folder("j"), OpenFlags.readOnly, 0)
      #expect(tsi_file_size(descriptor) == Int64(size))
      _ = tsi_close(descriptor)
      file.rewind(to: 0)
      file.append([1])
      expectWritten(&file, now: 2 * second)
      #expect(file.state == .good)
      #expect(folder.read("j") == [1])
    }
  }

  // MARK: Journal

  @Test func nowhereTakesEverythingAndKeepsNothing() {
    var file = JournalFile.nowhere
    file.append([UInt8](repeating: 1, count: 1 << 20))
    #expect(!file.hasPending)
    expectWritten(&file, now: 0)
    let journal = Journal(.nowhere)
    for _ in 0..<3_000 { journal.append(HeaderRecord(producer: String(repeating: "x", count: 1_000))) }
    #expect(journal.end < 2 << 20)
  }

  @Test func aJournalIsWholeAtEveryWriteAndAfterEveryRewind() throws {
    try withFolder { folder in
      var random = SplitMix(seed: 61)
      let journal = Journal(try JournalFile(creating: folder("j")))
      journal.append(HeaderRecord(producer: "test"))
      var kept = [1]
      for index in 0..<400 {
        let mark = journal.mark()
        let isTakenBack = random.below(3) == 0
        for _ in 0...random.below(3) {
          let exit = ExitRecord(exitCode: Int32(index + 2), runtime: 0)
          journal.append(exit)
          journal.append(HeaderRecord(producer: String(repeating: "y", count: random.below(900))))
          if !isTakenBack { kept.append(index + 2) }
        }
        if random.below(2) == 0 { #expect(journal.write(now: 0)) }
        if isTakenBack { journal.rewind(to: mark) }
        guard index % 10 == 0 else { continue }
        #expect(journal.write(now: 0))
        let contents = try JournalContents(folder("j"))
        #expect(contents.isWhole)
        #expect(contents.exits.map { Int($0.exitCode) } == Array(kept.dropFirst()))
        #expect(journal.end == folder.read("j").count)
      }
    }
  }

  /// A disk that takes a part of what is to be written keeps the whole records of it.
  @Test func wholeRecordsOfAPartAreFound() {
    var random = SplitMix(seed: 7)
    for start in [0, 100, 32_700, 32_761, 32_765] {
      var framed: [UInt8] = []
      var ends: [Int] = [start == 0 ? LogFramer.preamble.count : 0]
      var offset = start
      for _ in 0..<40 {
        let record = [UInt8](repeating: 7, count: 1 + random.below(3_000))
        offset = LogFramer.append(record, at: offset, to: &framed)
        ends.append(framed.count)
      }
      for _ in 0..<200 {
        let cut = random.below(framed.count + 1)
        let whole = LogFramer.wholeRecords(in: framed.prefix(cut), at: start)
        #expect(whole == (ends.last { $0 <= cut } ?? 0))
      }
    }
  }
}
