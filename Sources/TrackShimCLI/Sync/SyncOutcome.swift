/// What became of one journal.
enum SyncOutcome: Equatable {
  case sent(page: String)
  case isThere(page: String)
  /// Of a rehearsal.
  case wouldSend(bytes: Int, page: String)
  case sentByOfficialClient
  /// We began, and W&B's own client has sent all of it since.
  case sentByBoth(page: String)
  /// By W&B's own client.
  case recordedByOfficialClient(folder: String)
  /// There is nothing that could be sent.
  case empty
  case running(process: Int32, isOnline: Bool)
  case busy
  case refused(String, remedy: String)
  case unreachable(String)
  case unusable(String)

  /// Whether everything there is is on the server or, of a run that goes on, will be.
  var isGood: Bool {
    switch self {
    case .sent, .isThere, .wouldSend, .sentByOfficialClient, .sentByBoth, .empty, .running: true
    case .recordedByOfficialClient, .busy, .refused, .unreachable, .unusable: false
    }
  }

  /// Nothing to be said of a run that nobody asked for by name.
  var isTacit: Bool {
    switch self {
    case .isThere, .sentByOfficialClient, .recordedByOfficialClient: true
    default: false
    }
  }

  var text: String {
    switch self {
    case .sent(let page): "on the server, \(page.printable)"
    case .isThere(let page): "already there, \(page.printable)"
    case .wouldSend(let bytes, let page):
      page.isEmpty
        ? "would be sent (\(Figure.bytes(bytes)))"
        : "the rest of it would be sent (\(Figure.bytes(bytes)) in all), \(page.printable)"
    case .sentByOfficialClient: "W&B's own client has sent it (--append sends it behind that)"
    case .sentByBoth(let page):
      "W&B's own client has sent it too, after a part of it was sent from here, so rows may be there twice "
        + "(--append sends the rest nevertheless), \(page.printable)"
    case .recordedByOfficialClient(let folder):
      "recorded by W&B's own client, which sends it: wandb sync \(folder.printable)"
    case .empty: "nothing to send: its program died before anything was recorded"
    case .running(let process, let isOnline):
      "is still running\(process > 0 ? " (process \(process))" : "")"
        + (isOnline ? ", which sends it itself" : "; it can be sent when it has ended")
    case .busy: "is being sent by another process"
    case .refused(let why, let remedy):
      "the server does not take it: \(why.printable)" + (remedy.isEmpty ? "" : "; \(remedy.printable)")
    case .unreachable(let why):
      "the server cannot be reached: \(why.printable); nothing is lost, `trackshim sync` goes on where it stopped"
    case .unusable(let why): "cannot be sent: \(why.printable)"
    }
  }
}
