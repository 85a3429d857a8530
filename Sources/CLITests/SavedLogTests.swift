import Glibc
import Testing

@testable import TrackShimCLI

/// All of it, in text.
private func read(_ log: borrowing SavedLog) throws -> String {
  var bytes: [UInt8] = []
  try log.each { bytes += $0 }
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct SavedLogTests {
  @Test func aFileIsReadAgainAsItWas() throws {
    let folder = TemporaryFolder()
    let path = folder.write("the.log", text: "one\n")
    let log = try SavedLog(path, again: true)
    #expect(try read(log) == "one\n")
    // What somebody writes behind it meanwhile is not part of it.
    let more = open(path, O_WRONLY | O_APPEND)
    #expect(write(more, "two\n", 4) == 4)
    close(more)
    #expect(try read(log) == "one\n")
    #expect(abs(log.modified / 1_000_000_000 - Int64(time(nil))) < 60)
  }

  @Test func whatIsNoFileIsCopied() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(write(ends[1], "one\n", 4) == 4)
    close(ends[1])
    let log = try SavedLog("/dev/fd/\(ends[0])", again: true)
    close(ends[0])
    #expect(try read(log) == "one\n")
    #expect(try read(log) == "one\n")
  }

  @Test(arguments: ["/no/such/log", "/"]) func whatCannotBeRead(path: String) {
    #expect(throws: SavedLog.Unreadable.self) {
      let log = try SavedLog(path, again: true)
      _ = try read(log)
    }
  }
}
