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

  private let root: String
  private let files: [String]
  /// What is in the files for the whole work tree, then in those of the root, the folder in it, and so on to `folder`.
  private var rules: [[UInt8]] = []
  private var folder: [UInt8] = []
  /// One of its own is not there to be read, though it would count.
  var isMissing = false

  private static let fileLimit = 65_536

  /// `files` are those that apply to the whole work tree; they are read when they are needed.
  init(root: String, files: [String]) {
    self.root = root
    self.files = files
  }

  func effect(on path: [UInt8]) -> Effect {
    enter(path)
    if isMissing { return .anything }
    let name = Array(path.dropFirst(path.gitFolderEnd))
    var effect = Effect.none
    for rules in rules {
      let found = rules.withUnsafeBytes { rules in name.withUnsafeBytes { Self.effect(of: rules, on: $0) } }
      if found.rawValue > effect.rawValue { effect = found }
    }
    return effect
  }

  private func enter(_ path: [UInt8]) {
    if rules.isEmpty {
      rules.append([])
      for file in files { rules[0] += read(file) + [Control.lineFeed] }
      rules.append(read(root.path(adding: ".gitattributes")))
    }
    while !path.starts(with: folder) {
      folder.removeLast()
      folder.removeLast(folder.count &- folder.gitFolderEnd)
      rules.removeLast()
    }
    while let end = path.gitFolderEnd(after: folder.count) {
      folder = Array(path.prefix(end))
      rules.append(read(root.path(adding: folder.asText + ".gitattributes")))
    }
  }

  @inline(never)
  private func read(_ file: String) -> [UInt8] {
    let bytes = (try? Files.read(file, limit: Self.fileLimit)) ?? []
    if bytes.count == Self.fileLimit { isMissing = true }
    return bytes
  }

  // MARK: Lines

  /// Of lines of a pattern and words.
  private static func effect(of rules: UnsafeRawBufferPointer, on name: UnsafeRawBufferPointer) -> Effect {
    var effect = Effect.none
    var pattern = rules.part(0, 0)
    var start = 0
    for end in 0...rules.count {
      let byte = end < rules.count ? rules[end] : Control.lineFeed
      guard byte <= 0x20 else { continue }
      let word = rules.part(start, end)
      start = end &+ 1
      if pattern.isEmpty {
        pattern = word
      } else if pattern.first != UInt8(ascii: "#") {
        let found = Self.effect(of: word)
        if found.rawValue > effect.rawValue, mayMatch(pattern, name) { effect = found }
      }
      if byte == Control.lineFeed { pattern = rules.part(0, 0) }
    }
    return effect
  }

  /// `name`, `name=value`; with `-` or `!` in front it asks for nothing.
  private static func effect(of word: UnsafeRawBufferPointer) -> Effect {
    let name = word.part(0, word.first(UInt8(ascii: "=")) ?? word.count)
    switch String(decoding: name, as: UTF8.self) {
    case "filter", "ident", "working-tree-encoding": return .anything
    case "text", "eol", "crlf": return .lineEnds
    default: return .none
    }
  }

  /// Of `*.bin` and `model.bin` it can be told; of others not, so that they may: in quotes there may be blanks, and a
  /// macro (`[attr]`) is used under its own name. Capitals and small letters may be the same.
  private static func mayMatch(_ pattern: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Bool {
    let isSuffix = pattern.first == UInt8(ascii: "*")
    let rest = pattern.part(isSuffix ? 1 : 0, pattern.count)
    for byte in rest where [0x22, 0x2A, 0x2F, 0x3F, 0x5B, 0x5C].contains(byte) { return true }
    let start = name.count &- rest.count
    guard start == 0 || start > 0 && isSuffix else { return false }
    for index in 0..<rest.count where rest[index].lowercasedASCII != name[start &+ index].lowercasedASCII {
      return false
    }
    return true
  }
}
