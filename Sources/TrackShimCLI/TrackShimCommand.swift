import ArgumentParser
import TrackShim

@main
struct TrackShimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trackshim",
    abstract: "Make an unchanged training program a Weights & Biases run.",
    discussion: """
      A library in front of the program (LD_PRELOAD) reads what it prints, and records its settings, \
      metrics and console log in W&B's own format, in wandb/offline-run-… The program, its output and \
      its exit status stay as they are.

        trackshim run --project mod97 --name first -- ./train -e data -b 64
        trackshim show
        trackshim sync

      Completion for your shell, here bash (zsh and fish are known, too):
        eval "$(trackshim --generate-completion-script bash)"
      """,
    version: Version.text,
    subcommands: [
      RunCommand.self, ShowCommand.self, SyncCommand.self, CheckCommand.self, LearnCommand.self, ImportCommand.self,
    ])
}
