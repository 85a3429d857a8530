import CTrackShim

/// What git could do to a file's contents before it compares them (gitattributes(5)), in so far as it can be told without
/// reading patterns as git does: one that is not simple counts as if it named every file.
final class GitAttributes {
  enum Effect: Int {
    /// Line ends at the most, where the settings ask for it.
    case none
    case lineEnds
    /// A program of the user's, another encoding, `$Id$`.
    case anything
  }

  private struct Rule {
    /// Where it applies, with a slash behind it, or "".
    let folder: [UInt8]
    /// In small letters.
    let pattern: ArraySlice<UInt8>
    let effect: Effect
  }

  private let root: String
  private var rules: [Rule] = []
  private var knownFolders: Set<[UInt8]> = []
  private var unread: [String]

  private static let fileLimit = 65_536
  private static let everything: ArraySlice<UInt8> = [UInt8(ascii: "*")]

  /// `files` are those that apply to the whole work tree; they are read when they are needed.
  init(root: String, files: [String]) {
    self.root = root
    unread = files
  }

  /// One of its own is not there to be read, though it would count.
  func miss() { rules.append(Rule(folder: [], pattern: Self.everything, effect: .anything)) }

  func effect(on path: [UInt8]) -> Effect {
    while let file = unread.popLast() { read(file, folder: []) }
    let nameAt = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) &+ 1
    for end in 0...path.count where end == 0 || path[end &- 1] == UInt8(ascii: "/") {
      let folder = Array(path[..<end])
      if knownFolders.insert(folder).inserted {
        read(root.path(adding: folder.asText + ".gitattributes"), folder: folder)
      }
    }
    let name = path.dropFirst(nameAt).map(\.lowercasedASCII)
    var effect = Effect.none
    for rule in rules where rule.effect.rawValue > effect.rawValue {
      if path.starts(with: rule.folder), Self.mayMatch(rule.pattern, name) { effect = rule.effect }
    }
    return effect
  }

  private func read(_ file: String, folder: [UInt8]) {
    guard Files.exists(file) else { return }
    let bytes = (try? Files.read(file, limit: Self.fileLimit)) ?? []
    if bytes.count == Self.fileLimit { miss() }
    for line in bytes.split(separator: Control.lineFeed) {
      let words = line.map { $0 == 0x09 || $0 == Control.carriageReturn ? 0x20 : $0 }.split(separator: 0x20)
      guard let pattern = words.first, pattern.first != UInt8(ascii: "#") else { continue }
      let effect = words.dropFirst().map(Self.effect).max { $0.rawValue < $1.rawValue } ?? .none
      guard effect != .none else { continue }
      // In quotes there may be blanks, and a macro is used under its own name.
      let isSimple = pattern.first != UInt8(ascii: "\"") && pattern.first != UInt8(ascii: "[")
      let small = isSimple ? pattern.map(\.lowercasedASCII)[...] : Self.everything
      rules.append(Rule(folder: folder, pattern: small, effect: effect))
    }
  }

  /// `name`, `name=value`; with `-` or `!` in front it asks for nothing.
  private static func effect(of word: ArraySlice<UInt8>) -> Effect {
    let name = word.prefix { $0 != UInt8(ascii: "=") }
    switch Array(name).asText {
    case "filter", "ident", "working-tree-encoding": return .anything
    case "text", "eol", "crlf": return .lineEnds
    default: return .none
    }
  }

  /// Of `*.bin` and `model.bin` it can be told; of others not, so that they may.
  private static func mayMatch(_ pattern: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    let isSuffix = pattern.first == UInt8(ascii: "*")
    let rest = isSuffix ? pattern.dropFirst() : pattern
    guard !rest.contains(where: { "*?[\\/".utf8.contains($0) }) else { return true }
    return isSuffix ? name.suffix(rest.count).elementsEqual(rest) : name.elementsEqual(rest)
  }
}
