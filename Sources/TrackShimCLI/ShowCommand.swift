import ArgumentParser
import Glibc
import TrackShim

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a recorded run.",
    discussion: """
      Prints what a run is, how it stands, its config, each metric and a plot, from its journal alone. \
      A run may still be going on. If its process was killed, the journal is first completed with what \
      the process had printed until then.

        trackshim show                     the latest run below this folder
        trackshim show 4fj2k9aa            by id
        trackshim show wandb/offline-run-20261122_070653-4fj2k9aa
        trackshim show --plot tok_per_sec
        trackshim show --json | jq .metrics.val_loss.min

      --json prints one document: path, id, name, project, entity, group, jobType, notes, tags, host, \
      command, startedAt (Unix time), duration (seconds), state (running, finished, failed, crashed), \
      exitCode (null if not seen), damage (null, or where the journal is damaged), page (its address on the \
      server, null if it never went there), isOnServer (whether all of it is there), rows, consoleLines, \
      config, summary, and metrics, each with points, first, last, min and max. It is strict JSON: NaN \
      and the infinities are the strings "NaN", "Infinity" and "-Infinity". min and max leave NaN out.

      Exit status: 0; 1 if there is no such run or its journal is damaged; 64 for wrong options.
      """)

  @Argument(
    help: ArgumentHelp(
      "A .wandb file, a run's folder, a wandb folder or its parent, or a run's id.",
      discussion: "Without it the latest run below $TRACKSHIM_DIR, $WANDB_DIR or this folder.", valueName: "run"),
    completion: .file())
  var name: String?

  @Flag(help: "Print one JSON document instead.") var json = false
  @Flag(help: "Draw with plain ASCII (so it is anyway unless the locale is UTF-8).") var ascii = false
  @Option(
    name: .customLong("plot"),
    help: ArgumentHelp("Metric to draw; twice for two (default: train_loss and val_loss).", valueName: "metric"))
  var plotted: [String] = []

  func validate() throws {
    if plotted.count > 2 { throw ValidationError("--plot draws two metrics at most") }
  }

  func run() throws {
    let journal = try findJournal()
    let care = JournalCare(journal)
    for note in care.notes { Say.note(note) }
    let reading = try read(journal, mayGrow: care.owner != nil || care.hasFailed)
    try checkPlotted(reading.report)
    let state = RunState(exit: reading.report.exit, owner: care.owner)
    let damage = reading.damage(isRunning: state.isRunning)
    print(reading.report, state, journal, damage)
    if reading.isDamaged {
      if json, let damage { Say.note(damage) }
      throw ExitCode.failure
    }
  }

  private func findJournal() throws -> String {
    let settings = LaunchSettings(startDirectory: FileAccess.workingDirectory, variable: Variable.value)
    let lookup = RunLookup(parent: settings.directory, temporary: Variable.nonEmpty("TMPDIR") ?? "/tmp")
    do throws(RunLookup.NotFound) {
      let journal = try lookup.journal(name)
      return FileAccess.resolved(journal) ?? journal
    } catch {
      Say.note(error.reason)
      throw ExitCode.failure
    }
  }

  private func read(_ journal: String, mayGrow: Bool) throws -> JournalReading {
    do throws(JournalReading.Unusable) {
      return try JournalReading(journal, mayGrow: mayGrow)
    } catch {
      Say.note("\(journal.printable) \(error.reason)")
      throw ExitCode.failure
    }
  }

  private func checkPlotted(_ report: RunReport) throws {
    for metric in plotted where report.metrics[metric] == nil {
      let known = report.metricNames.sorted().joined(separator: ", ")
      Say.note("the run has no metric '\(metric.printable)' (it has: \(known.isEmpty ? "none" : known.printable))")
      throw ExitCode.failure
    }
  }

  private func print(_ report: RunReport, _ state: RunState, _ journal: String, _ damage: String?) {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    let now = Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
    let duration = report.duration(now: state.isRunning ? now : nil)
    // The rows of a shared run are its first writer's.
    let rows = report.run.shared?.isPrimary == false ? 0 : report.rows
    let server = ServerStanding(
      state: JournalSync.state(of: journal), rows: rows, consoleLines: report.consoleLines,
      isRunning: state.isRunning)
    if json {
      Output.write(
        ReportJSON(
          report: report, state: state, journal: journal, duration: duration, damage: damage, server: server
        ).text, to: 1)
      return
    }
    let text = ReportText(
      report: report, state: state, journal: journal, duration: duration, damage: damage, server: server,
      plotted: plotted, terminal: .standardOutput(asksForASCII: ascii))
    Output.write(text.text, to: 1)
  }
}
