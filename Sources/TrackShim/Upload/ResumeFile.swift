import CTrackShim

/// `wandb-resume.json` in the wandb folder, by which `resume=auto` finds the last run that did not end well.
///
/// The official client, which reads and writes the same file, and we with it:
///
///     at the start, resume=auto     an id that was set counts, else the file's, else a new one; then it is written
///     at the start, resume unset    removed
///     an end with exit code 0       removed, whatever resume is
struct ResumeFile {
  let path: String

  /// `parent` is that of the wandb folder, which need not be there yet.
  init(parent: String) {
    let hidden = parent.path(adding: ".wandb")
    path = (Files.isDirectory(hidden) ? hidden : parent.path(adding: "wandb")).path(adding: "wandb-resume.json")
  }

  /// nil when there is none that could be a run's id.
  func runID() -> String? {
    guard let bytes = try? Files.read(path), let id = JSONValue(bytes)?["run_id"]?.text else { return nil }
    return !id.isEmpty && SettingsReader.Rule.runID.accepts(id) ? id : nil
  }

  /// Takes effect whole or not at all. The folder must be there.
  @discardableResult
  func write(_ runID: String) -> Bool {
    var text = Array("{\"run_id\": ".utf8)
    text.appendJSONString(runID)
    text.append(UInt8(ascii: "}"))
    return Files.write(text, to: path, mode: 0o600)
  }

  func remove() { _ = tsi_unlink(path) }
}
