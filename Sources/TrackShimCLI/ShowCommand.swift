import ArgumentParser
import TrackShim
import Glibc

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a recorded run.")
  @Argument var name: String?
  @Flag var json = false
  func run() throws {
    let settings = LaunchSettings(startDirectory: FileAccess.workingDirectory, variable: Variable.value)
    let lookup = RunLookup(parent: settings.directory, temporary: Variable.nonEmpty("TMPDIR") ?? "/tmp")
    let path = try! lookup.journal(name)
    let care = JournalCare(path)
    for note in care.notes { Say.note(note) }
    var report = RunReport()
    _ = try! JournalScan(of: path) { report.take($0) }
    let state = RunState(exit: report.exit, owner: care.owner)
    Output.write(ReportJSON(report: report, state: state, journal: path, duration: report.duration(now: nil), damage: nil).text, to: 1)
  }
}
