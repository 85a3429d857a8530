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

  /// For a terminal: what could move the cursor or begin an escape sequence becomes `?`, and a long value
  /// is cut.
  var printable: String {
    var shown = ""
    for scalar in unicodeScalars.prefix(120) {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      shown.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return unicodeScalars.count > 120 ? shown + "…" : shown
  }

  var lastPathComponent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    // bounded: a slash is a byte of its own
    return String(self[utf8.index(after: slash)...])
  }

  func path(adding name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }
}
