/// The little string handling that Foundation would bring.
extension String {
  var trimmed: String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else {
      return ""
    }
    // bounded: indices of this text, and the first is not behind the last
    return String(self[first...last])
  }

  /// For a terminal: what could move the cursor, begin an escape sequence or make other text look like ours becomes
  /// `?`, and a long value is cut.
  var printable: String { printable(upTo: 120) }

  /// The same for what somebody is to copy: a path that is cut leads nowhere.
  package var printablePath: String { printable(upTo: 700) }

  private func printable(upTo limit: Int) -> String {
    var shown = ""
    for scalar in unicodeScalars.prefix(limit) {
      shown.unicodeScalars.append(scalar.isHarmless ? scalar : "?")
    }
    return unicodeScalars.count > limit ? shown + "…" : shown
  }

  var lastPathComponent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    // bounded: a slash is a byte of its own
    return String(self[utf8.index(after: slash)...])
  }

  /// nil for a name alone.
  var parentFolder: String? {
    // bounded: a slash is a byte of its own
    utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[..<$0]) }
  }

  /// Not made a part of each place that calls it, of which there are a hundred.
  @inline(never)
  func path(adding name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }
}

extension Unicode.Scalar {
  /// Shows as itself and changes nothing around it: no control character, none that turns the direction of writing,
  /// none that is not seen. The two joiners (U+200C, U+200D) are part of words and pictures.
  public var isHarmless: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      false
    default: true
    }
  }
}
