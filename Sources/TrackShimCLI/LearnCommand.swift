import ArgumentParser
import SavedLogs
import TrackShim

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Propose templates for the lines of a saved log.",
    discussion: """
      Looks for lines that differ only in their numbers, and prints a template for each kind of them, with \
      the numbers named after the words around them. Each was tried on the whole log: it takes all lines of \
      its kind and gives their values. Lines that are read without a template are left out.

        trackshim learn train.log > my.formats
        TRACKSHIM_FORMATS=my.formats trackshim check train.log
        TRACKSHIM_FORMATS=my.formats LD_PRELOAD=libtrackshim.so ./train

      Change the names as you like, remove what is no metric, write {_} for a number that should be skipped. \
      A number that never changed stands in the template as it is; write {_} where it will change.

      Exit status: 0; 1 if the log cannot be read or nothing was found.
      """)

  @Argument(
    help: ArgumentHelp("A file with what a program printed, or - for standard input.", valueName: "log"),
    completion: .file())
  var log: String

  @Option(help: ArgumentHelp("Lines that there must be of a kind.", valueName: "n")) var min = 2
  @Flag(help: "Also what is read without a template, and lines that only count or have no words.") var all = false

  func validate() throws {
    if min < 2 { throw ValidationError("--min is 2 at least: what varies shows in two lines") }
  }

  func run() throws {
    var options = FormatLearning.Options()
    options.fewestLines = min
    options.takesAll = all
    let learning = FormatLearning(options, environment: Variable.value, folder: FileAccess.workingDirectory)
    let result: FormatLearning.Result
    do throws(SavedLog.Unreadable) {
      let log = try SavedLog(log, again: true)
      result = try learning.learn { body throws(SavedLog.Unreadable) in try log.each(body) }
    } catch {
      Say.note(error.reason)
      throw ExitCode.failure
    }
    let report = LearnReport(result: result, log: log, takesAll: all)
    for note in report.notes { Say.note(note) }
    guard !result.proposals.isEmpty else { throw ExitCode.failure }
    Output.write(report.text, to: 1)
  }
}
