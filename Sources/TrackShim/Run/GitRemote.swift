/// A remote's address without anything that lets somebody in. What cannot be told apart with certainty is left out
/// altogether: an address is worth less than a password.
enum GitRemote {
  static func harmless(_ url: String) -> String? {
    guard !url.isEmpty, url.utf8.count <= 2048, url.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    if let parts = URLParts(url) { return harmless(parts) }
    let bytes = Array(url.utf8)
    let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
    guard let colon = bytes[..<slash].firstIndex(of: UInt8(ascii: ":")) else { return url }
    // `helper::…`: what follows may be a command.
    if colon &+ 1 < bytes.count, bytes[colon &+ 1] == UInt8(ascii: ":") { return nil }
    return harmlessShort(bytes, colon, slash)
  }

  /// Users, and with them tokens and passwords, go; queries, which may hold tokens too, as well.
  private static func harmless(_ parts: URLParts) -> String? {
    // A "/" in a password ends the host too early, and what looks like a port is the beginning of the password.
    guard parts.hasUsablePort, !parts.rest.utf8.contains(UInt8(ascii: "\\")) else { return nil }
    let path = parts.rest.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    return "\(parts.scheme)://\(parts.authority)\(Array(path).asText)"
  }

  /// `user@host:path`, the form of scp.
  private static func harmlessShort(_ bytes: [UInt8], _ colon: Int, _ slash: Int) -> String? {
    let sign = UInt8(ascii: "@")
    if let end = bytes[..<colon].lastIndex(of: sign) { return Array(bytes[(end &+ 1)...]).asText }
    // `user:password@host:path` is no such address, but people write it.
    return bytes[colon..<slash].contains(sign) ? nil : bytes.asText
  }
}
