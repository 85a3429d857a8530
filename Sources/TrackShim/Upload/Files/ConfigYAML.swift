/// `config.yaml`: the run's config as people read it, each key with its value under `value:`, sorted.
enum ConfigYAML {
  static let ownKey = "_wandb"

  /// `wandb` is what stands under `_wandb`. What is no JSON is left out, as W&B's own client does.
  static func make(items: [(key: String, json: [UInt8])], wandb: [UInt8]) -> [UInt8] {
    var members: [JSONValue.Member] = []
    for item in items + [(key: ownKey, json: wandb)] {
      guard let value = JSONValue(item.json) else { continue }
      members.append(JSONValue.Member(key: item.key, value: .make([("value", value)])))
    }
    return YAMLText.make(.object(members))
  }
}
