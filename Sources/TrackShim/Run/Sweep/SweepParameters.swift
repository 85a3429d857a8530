/// The parameters that a sweep has chosen for this run: the file that W&B's agent writes for it, each under its name as
/// `value`.
struct SweepParameters {
  /// What a longer file would cost is out of proportion to what it can be.
  static let fileLimit = 1 << 20

  private(set) var items: [RecordItem] = []
  /// Why some or all of them are missing.
  private(set) var problem: String?

  /// None where no file is named.
  static func read(from path: String) -> SweepParameters {
    guard !path.isEmpty else { return SweepParameters() }
    var found = SweepParameters()
    do throws(SystemError) {
      found.take(try Files.read(path, limit: fileLimit &+ 1))
    } catch {
      found.problem = "cannot be read (\(error.text))"
    }
    found.problem = found.problem.map { "WANDB_SWEEP_PARAM_PATH: \(path.printablePath) \($0)" }
    return found
  }

  init() {}

  init(_ bytes: [UInt8]) { take(bytes) }

  private mutating func take(_ bytes: [UInt8]) {
    guard bytes.count <= Self.fileLimit else { return refuse("is longer than \(Self.fileLimit) bytes") }
    guard let value = YAMLReader.read(bytes) else { return refuse("is no YAML that is understood") }
    guard value.isObject || value == .null else { return refuse("is no list of parameters") }
    if let version = value["wandb_version"], version != .null, version.integer != 1 {
      return refuse("has a wandb_version other than 1")
    }
    var places: [[UInt8]: Int] = [:]
    for member in value.members where member.key != "wandb_version" { take(member, &places) }
  }

  private mutating func refuse(_ why: String) {
    problem = why + "; the sweep's parameters are not in the config"
  }

  private mutating func take(_ member: JSONValue.Member, _ places: inout [[UInt8]: Int]) {
    // As W&B's client does it: a key is often written as the option it becomes.
    let key = member.key.withoutDashes
    // `_wandb` is what clients tell the server of themselves.
    guard !key.isEmpty, key != ConfigYAML.ownKey else { return }
    guard let value = member.value["value"] else {
      problem = problem ?? "has no value for \(key.printable), which is not in the config"
      return
    }
    let item = RecordItem(key: key, json: value.text(asJSON: true))
    if let place = places[Array(key.utf8)], items.indices.contains(place) {
      items[place] = item
    } else if items.count < Config.limit {
      places[Array(key.utf8)] = items.count
      items.append(item)
    } else {
      problem = problem ?? "has more than \(Config.limit) parameters; further ones are not in the config"
    }
  }
}

extension String {
  fileprivate var withoutDashes: String {
    let bytes = Array(utf8), dash = UInt8(ascii: "-")
    let tail = bytes.drop { $0 == dash }
    let size = tail.count &- (tail.reversed().firstIndex { $0 != dash } ?? tail.count)
    return Array(tail.prefix(size)).asText
  }
}
