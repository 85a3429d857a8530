/// An absolute address taken apart, as far as that is needed to check it and to keep passwords out of sight.
/// Any text may be asked; `nil` means that it has no `scheme://`.
struct URLParts {
  /// In lower case.
  let scheme: String
  /// `user:password@`, with the `@`; empty when there is none.
  let user: String
  /// Host and port, as Python's `urlsplit` gives them but for the user.
  let authority: String
  /// From the path's `/`, the `?` or the `#` on.
  let rest: String

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      bytes[colon...].starts(with: "://".utf8), bytes[..<colon].allSatisfy(Self.isInScheme)
    else { return nil }
    let start = colon &+ 3
    let end = bytes[start...].firstIndex { "/?#\\".utf8.contains($0) } ?? bytes.count
    let host = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")).map { $0 &+ 1 } ?? start
    scheme = Array(bytes[..<colon]).asText.lowercased()
    user = Array(bytes[start..<host]).asText
    authority = Array(bytes[host..<end]).asText
    rest = Array(bytes[end...]).asText
  }

  private static func isInScheme(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// Without the port; an IPv6 address keeps its brackets. In lower case.
  // bounded: `portStart` is an index of it
  var host: String { String(authority[..<portStart]).lowercased() }

  /// No port is one that can be used.
  // bounded: `portStart` is an index of it
  var hasUsablePort: Bool {
    let port = authority[portStart...]
    guard !port.isEmpty else { return true }
    guard let number = UInt16(port.dropFirst()) else { return false }
    return number > 0 && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private var portStart: String.Index {
    let search = authority.utf8.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
    return authority.utf8[search...].firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
  }
}

extension String {
  /// For a part of a path. Only what no server and no proxy touches stays as it is; the rest decodes to the same
  /// as what Go's `url.PathEscape` and Python's `quote(safe='')` write.
  var percentEncoded: String {
    // "." and ".." would be taken for steps in the tree, by libcurl first of all.
    let isDots = self == "." || self == ".."
    var encoded: [UInt8] = []
    for byte in utf8 {
      if byte.isUnreserved, !isDots {
        encoded.append(byte)
      } else {
        encoded.append(contentsOf: [UInt8(ascii: "%"), Self.hexDigit(byte &>> 4), Self.hexDigit(byte & 15)])
      }
    }
    return encoded.asText
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "A") &+ (nibble &- 10)
  }

  /// For notes: an address without what may be a password.
  var withoutUser: String {
    guard let parts = URLParts(self), !parts.user.isEmpty else { return self }
    return "\(parts.scheme)://…@\(parts.authority)\(parts.rest)"
  }
}

extension UInt8 {
  /// RFC 3986, 2.3.
  fileprivate var isUnreserved: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
  }
}
