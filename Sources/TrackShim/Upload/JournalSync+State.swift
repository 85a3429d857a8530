/// What is known without asking the server.
extension JournalSync {
  public struct State: Equatable, Sendable {
    /// The run's page on the server; empty before it has one.
    public var page = ""
    /// Of this journal, acknowledged by the server.
    public var rows = 0
    public var consoleLines = 0
    /// All of it is there, its end too.
    public var isComplete = false
    /// Marked as W&B's own client marks what it has sent, and not by us, who mark so what we have completed.
    public var isSentByOfficialClient = false

    public init() {}

    /// Something is on the server by us.
    public var hasBegun: Bool { !page.isEmpty }
  }

  public static func state(of journal: String) -> State {
    var state = State()
    state.isSentByOfficialClient = Files.exists(officialMarker(of: journal))
    guard let file = try? UploadProgressFile(for: journal, isReading: true), let known = file.known else {
      return state
    }
    state.page = known.page
    state.rows = known.sent.history
    state.consoleLines = known.sent.console
    state.isComplete = known.covers(journal)
    if known.completeSize > 0 { state.isSentByOfficialClient = false }
    return state
  }

  /// What can be done about a server's no.
  public struct Refusal: Equatable, Sendable {
    /// Other runs will not fare better.
    public let concernsKey: Bool
    /// Empty where none is known.
    public let remedy: String

    /// `text` as `Result.refused` has it: it begins with the status.
    public init(_ text: String) {
      let status = Int(text.prefix { $0.isASCII && $0.isNumber }) ?? 0
      concernsKey = status == 401
      remedy = Self.remedy(status, text)
    }

    /// Settings for the program come too late here; what W&B's own client can do is another matter.
    private static func remedy(_ status: Int, _ text: String) -> String {
      switch status {
      case 401, 404, 413: Uploader.remedy(Answer.Refusal(status: status, text: text))
      case 403: "the account may not write there; `wandb sync -e ENTITY -p PROJECT` sends it elsewhere"
      case 409: "something else writes to this run; `wandb sync --id ID` sends it under another id"
      default: ""
      }
    }
  }
}
