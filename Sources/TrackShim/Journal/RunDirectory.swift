import CTrackShim

/// The folder of one run, as W&B lays it out:
///
///     <parent>/wandb/                        ".wandb" where that exists already
///       latest-run -> offline-run-…
///       offline-run-20261122_070653-<id>/    "run-…" when it goes to the server as it is made
///         run-<id>.wandb
///         files/  logs/  tmp/
///
/// Of a run that several processes write to, each has one: those of all but the first have the process's label before
/// the id.
package struct RunDirectory {
  package let path: String
  package let runID: String

  package var journalPath: String { path.path(adding: "run-\(runID).wandb") }

  /// Makes a new one below `parent`, or below the folder for temporary files where that cannot be
  /// written, as W&B's client does. There everybody can make a `wandb` folder for us to use: one that is not ours
  /// alone is left to whoever made it. Throws when none can be written.
  package static func create(
    parent: String, temporary: String, runID: String, writer: String = "", startSeconds: Int64, isOnline: Bool = false,
    zone: String? = tsi_environment("TZ").map { String(cString: $0) }
  ) throws(SystemError) -> RunDirectory {
    let kind = isOnline ? "run" : "offline-run"
    do {
      return try create(in: parent, kind, runID: runID, writer, startSeconds, zone)
    } catch {
      return try create(in: privateParent(temporary), kind, runID: runID, writer, startSeconds, zone)
    }
  }

  private static func privateParent(_ temporary: String) throws(SystemError) -> String {
    if let folder = try? wandbFolder(in: temporary), tsi_is_private_folder(folder) { return temporary }
    let parent = fallback(below: temporary)
    let made = tsi_mkdir(parent, 0o700)
    if made != -SystemError.exists.number { try checked(made) }
    guard tsi_is_private_folder(parent) else { throw .notPermitted }
    return parent
  }

  /// Where runs are when the `wandb` folder among the temporary files is somebody else's.
  static func fallback(below temporary: String) -> String {
    temporary.path(adding: "trackshim-\(tsi_user())")
  }

  private static func create(
    in parent: String, _ kind: String, runID: String, _ writer: String, _ startSeconds: Int64, _ zone: String?
  ) throws(SystemError) -> RunDirectory {
    let root = try wandbFolder(in: parent)
    let time = LocalTime(zone: zone, at: startSeconds) { (try? Files.read($0)) ?? [] }
    let mark = writer.isEmpty ? "" : writer + "-"
    // The same id twice within a second: a later second is a free name.
    for later in 0..<5 as Range<Int64> {
      let name = "\(kind)-\(time.stamp(startSeconds &+ later))-\(mark)\(runID)"
      let directory = RunDirectory(path: root.path(adding: name), runID: runID)
      let made = tsi_mkdir(directory.path, 0o777)
      if made == -SystemError.exists.number { continue }
      try checked(made)
      for folder in ["files", "logs", "tmp"] { _ = tsi_mkdir(directory.path.path(adding: folder), 0o777) }
      return directory
    }
    throw .exists
  }

  private static func wandbFolder(in parent: String) throws(SystemError) -> String {
    let hidden = parent.path(adding: ".wandb")
    if Files.isDirectory(hidden) { return hidden }
    let root = parent.path(adding: "wandb")
    if !Files.isDirectory(root) {
      if !Files.isDirectory(parent) { Files.makeFolder(parent) }
      let made = tsi_mkdir(root, 0o777)
      // Another process of the same training may have been faster.
      if !Files.isDirectory(root) { try checked(made) }
    }
    return root
  }

  /// Whoever completes the run after a crash reads its lines as they were read when it was recorded.
  package func keep(_ templates: TemplateSet) {
    guard !templates.source.isEmpty else { return }
    _ = Files.write(templates.source, to: path.path(adding: TemplateSources.keptName))
  }

  /// Makes a file of the program's one of the run's, by a link to it, as W&B's client does: a checkpoint may be as large as
  /// the disk. What hinders that is thrown.
  func link(_ file: SavedFile) throws(SystemError) {
    let place = SavedFilePlace(file.name, in: path)
    let target = file.path + [0]
    try target.withUnsafeBufferPointer { bytes in
      Result { () throws(SystemError) in
        let text = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        _ = try checked(tsi_link_in_run(place.path, place.folders, text))
      }
    }.get()
  }

  /// The program's other file that the run has under this one's name; nil: there is none. Two paths may lead to one file.
  func other(than file: SavedFile) -> String? {
    let place = SavedFilePlace(file.name, in: path)
    let known = Files.linkTarget(place.path)
    guard !known.isEmpty, known != file.path.asText else { return nil }
    let target = file.path + [0]
    let isSame = target.withUnsafeBytes {
      tsi_is_same_file(place.path, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    return isSame ? nil : known
  }

  /// Points `latest-run` here; a rename, so that it never points nowhere. That it fails harms nobody.
  package func becomeLatest() {
    guard let root = path.parentFolder else { return }
    let fresh = root.path(adding: "latest-run.\(runID)")
    _ = tsi_unlink(fresh)
    guard tsi_symlink(path.lastPathComponent, fresh) == 0 else { return }
    if tsi_rename(fresh, root.path(adding: "latest-run")) != 0 { _ = tsi_unlink(fresh) }
  }
}
