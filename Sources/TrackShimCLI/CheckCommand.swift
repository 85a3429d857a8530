import ArgumentParser
import Glibc
import TrackShim

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show what would be recorded of a saved log.",
    discussion: """
      Prints each line of the log that says something, with its number, its step, the metrics or config values \
      that are taken from it, and in brackets the rule that took it; then each line with numbers that gave \
      nothing, marked with a dash, and a table of the metrics.

        trackshim check train.log
        ./train | trackshim check -

      Exit status: 0; 1 if the log cannot be read or no metric was found in it.
      """)

  @Argument(help: ArgumentHelp("A file with what a program printed, or - for standard input.", valueName: "log"))
  var log: String

  @Flag(help: "Leave out the lines that gave nothing.") var quiet = false
  @Flag(help: "Print a JSON document for each line that says something instead.") var json = false

  func run() throws {
    if json { return try read { for line in $0 where line.says { print(line.json) } } }
    var report = CheckReport(isQuiet: quiet)
    try read { report.add($0) }
    report.finish()
    if report.isEmpty { throw ExitCode.failure }
  }

  private func read(_ each: ([LogCheck.Line]) -> Void) throws {
    let file = log == "-" ? 0 : open(log, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { throw unreadable() }
    defer { if file > 0 { close(file) } }
    var check = LogCheck(environment: Variable.value, folder: FileAccess.workingDirectory)
    for complaint in check.complaints { Say.note(complaint) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let size = Glibc.read(file, &buffer, buffer.count)
      if size < 0, errno == EINTR { continue }
      guard size >= 0 else { throw unreadable() }
      guard size > 0 else { break }
      each(buffer.withUnsafeBytes { check.feed(UnsafeRawBufferPointer(rebasing: $0[..<size])) })
    }
    each(check.finish())
  }

  private func unreadable() -> any Error {
    Say.note("\(log) cannot be read: \(String(cString: strerror(errno)))")
    return ExitCode.failure
  }
}
