/// A number of bytes a second as a user writes it: `500K`, `20M`, `1.5G`; `0` for no bound.
enum ByteRate {
  static let accepted = "bytes a second from 1K to 1000G, as in 500K or 20M, or 0 for no bound"

  /// A rate below this would have the transfer pause for so long that it looks dead.
  private static let range = 1e3...1e12

  /// As lines are sold and as our notes count: a K is 1,000.
  private static let units: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9]

  /// nil: it is none that can be used.
  static func parse(_ text: String) -> Int? {
    var digits = Substring(text.lowercased())
    // bounded: a dictionary
    let unit = digits.last.flatMap { units[$0] }
    if unit != nil { digits = digits.dropLast() }
    // What else a Double is written as (inf, nan, 0x10, 1e3) is no rate.
    guard !digits.isEmpty, digits.allSatisfy({ $0 == "." || ("0"..."9").contains($0) }) else { return nil }
    guard let number = Double(digits) else { return nil }
    // bounded: doubles
    let rate = number * (unit ?? 1)
    if rate == 0 { return 0 }
    // bounded: at most 1e12
    return range.contains(rate) ? Int(rate) : nil
  }
}

extension SettingsReader {
  mutating func uploadRate() -> Int {
    guard let found = find("TRACKSHIM_UPLOAD_RATE", twin: nil, key: nil) else { return 0 }
    if let rate = ByteRate.parse(found.value) { return rate }
    complain(found.name, found.value, accepted: ByteRate.accepted, used: "no bound")
    return 0
  }
}
