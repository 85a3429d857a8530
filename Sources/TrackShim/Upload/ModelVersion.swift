import CTrackShim

/// A saved file on its way to be a version of the run's model: an artifact of type `model` with that file alone in it,
/// as `run.log_model(path, name="model-ID")` of W&B's client makes one.
///
/// First its checksum is made, piece by piece, so that rows need not wait; then the server is asked for a place, gets
/// the file unless it has the same from an earlier version, and at last the list of contents.
final class ModelVersion {
  /// One look at the file between other things to do takes some milliseconds.
  private static let piece = 1 << 20
  /// Storage hosts take no more at once.
  static let longest = 5 << 30
  static let manifestName = "wandb_manifest.json"

  let entry: SavedFileQueue.Entry
  let state: SavedFilePlace.State
  private let file: Int32
  private var sum = MD5()
  private var offset = 0
  /// In Base64; nil until all of it has been read.
  private(set) var digest: String?
  var artifactID = ""
  var manifestID = ""
  /// The version before.
  var baseID: String?
  /// The artifact that the file came to the server with.
  var birthID = ""
  var isStored = false
  /// The list of contents is there.
  var isListed = false

  /// nil: the file cannot be opened.
  init?(_ entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State, at place: SavedFilePlace) {
    file = tsi_open_linked_in_run(place.path, place.folders)
    guard file >= 0 else { return nil }
    self.entry = entry
    self.state = state
  }

  deinit { _ = tsi_close(file) }

  /// As the artifact knows it: without folders.
  var fileName: String { entry.name.lastPathComponent }

  /// False: it ends before it should, so it is being written.
  func readOn() -> Bool {
    guard offset < state.size else {
      digest = sum.finish().base64.asText
      return true
    }
    let wanted = min(Self.piece, state.size &- offset)
    var size = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      size = max(0, min(wanted, Int(tsi_pread(file, buffer.baseAddress, wanted, Int64(clamping: offset)))))
      count = size
    }
    guard size > 0 else { return false }
    bytes.withUnsafeBytes { sum.update($0) }
    offset &+= size
    return true
  }

  // MARK: What W&B knows it by

  /// A run's id may have characters that an artifact's name may not.
  static func name(ofRun id: String) -> String {
    let allowed = id.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || "-_.".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
    }
    return "model-\(String(allowed))"
  }

  /// Of the list of contents.
  func artifactDigest(_ digest: String) -> String {
    MD5.of(Array("wandb-artifact-manifest-v1\n\(fileName):\(digest)\n".utf8)).hexadecimal
  }

  func manifest(_ digest: String) -> [UInt8] {
    let entry = JSONValue.make([
      ("digest", .string(digest)), ("birthArtifactID", .string(birthID)), ("size", .number(String(state.size))),
    ])
    let manifest = JSONValue.make([
      ("version", .number("1")), ("storagePolicy", .string("wandb-storage-policy-v1")),
      ("storagePolicyConfig", .make([("storageLayout", .string("V2"))])), ("contents", .make([(fileName, entry)])),
    ])
    var bytes: [UInt8] = []
    manifest.append(to: &bytes)
    return bytes
  }

  /// What W&B's client draws by lot. The same again when it is tried again, so that one file is not two versions.
  static func identity(_ texts: [String]) -> String {
    String((0..<10).map { RunID.derived(from: texts + ["\($0)"]) }.joined().prefix(128))
  }
}
