import ArgumentParser
import SavedLogs
import TrackShim

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Show what would be recorded of a saved log.",
    discussion: """
      Prints each line of the log that says something, with its number, its step, the metrics or config values \
      that are taken from it, and in brackets the rule that took it; each line with numbers that gave nothing \
      is marked with a dash and says why. A table of the metrics stands at the end.

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
    report.finish(log: log)
    if report.isEmpty { throw ExitCode.failure }
  }

  private func read(_ each: ([LogCheck.Line]) -> Void) throws {
    do throws(SavedLog.Unreadable) {
      let log = try SavedLog(log)
      var check = LogCheck(environment: Variable.value, folder: FileAccess.workingDirectory)
      for complaint in check.complaints { Say.note(complaint) }
      try log.each { each(check.feed($0)) }
      each(check.finish())
    } catch {
      Say.note(error.reason)
      throw ExitCode.failure
    }
  }
}
