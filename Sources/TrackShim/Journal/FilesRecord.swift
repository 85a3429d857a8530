/// Files in the run directory's `files/` that a sync is to upload.
public struct FilesRecord: Equatable, Sendable {
  public var files: [FileItem] = []

  public init() {}

  /// A file of the user's, to be sent as it is now.
  init(saved name: String, isModel: Bool = false) {
    var item = FileItem()
    item.path = name
    // To `wandb sync` it is a file of the run like others.
    if isModel { item.kind = .artifact }
    files = [item]
  }
}

public struct FileItem: Equatable, Sendable {
  public enum Policy: UInt64, Sendable {
    case now = 0
    case end = 1
    case live = 2
  }

  public enum Kind: UInt64, Sendable {
    case other = 0
    case wandb = 1
    case media = 2
    case artifact = 3
  }

  /// Relative to `files/`.
  public var path = ""
  public var policy = Policy.now
  public var kind = Kind.other

  public init() {}
}

extension FilesRecord: RecordMessage {
  static let recordField = 6

  func encode(into out: inout [UInt8]) { out.appendField(1, files) }

  mutating func take(_ field: WireField) throws(WireError) {
    if field.number == 1 { try field.read(&files) }
  }
}

extension FileItem: WireMessage {
  func encode(into out: inout [UInt8]) {
    out.appendField(1, path)
    out.appendField(2, policy.rawValue)
    out.appendField(3, kind.rawValue)
  }

  mutating func take(_ field: WireField) {
    switch field.number {
    case 1: field.read(&path)
    case 2: policy = field.varint.flatMap(Policy.init) ?? policy
    case 3: kind = field.varint.flatMap(Kind.init) ?? kind
    default: break
    }
  }
}
