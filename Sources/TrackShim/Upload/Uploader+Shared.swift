/// A run that several processes write to, as W&B's client does in its shared mode: each is a client of its own to the
/// server, with lines that it numbers from 0, and says who it is in headers.
extension Uploader {
  /// nil: nobody else writes to the run.
  var shared: SharedWriter? { projection.run?.shared }

  /// Its rows, config, summary and end are the run's.
  var isPrimary: Bool { shared?.isPrimary != false }

  /// The server's name for this writer. It is in the journal, so that what is sent again in another week is a
  /// repetition.
  private var client: String {
    let writer = projection.environment?.writerID ?? ""
    return SharedWriter.isName(writer) ? writer : shared?.label ?? ""
  }

  /// The key goes to the server's own address and nowhere else. `client`: under which name this one wants to hear of the writer.
  func headers(client name: String) -> [String] {
    var headers = ["Content-Type: application/json", plan.key.authorization]
    if shared != nil { headers.append(contentsOf: ["X-WANDB-USE-ASYNC-FILESTREAM: true", "\(name): \(client)"]) }
    return headers
  }

  /// What the server calls the file with the console log.
  var consoleName: String { shared.map { "output_\($0.label).log" } ?? RunFile.console }
}
