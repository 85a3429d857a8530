/// Names that a user gives in one: `*.bin`, `val_*`.
enum Wildcard {
  /// `*` is any bytes, `?` one. Goes back only to the last star, so it is never more than the product of both lengths.
  static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var at = 0, next = 0
    var star: (pattern: Int, name: Int)?
    while at < name.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        star = (next, at)
        next &+= 1
      } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == name[at] {
        next &+= 1
        at &+= 1
      } else if let last = star {
        star = (last.pattern, last.name &+ 1)
        next = last.pattern &+ 1
        at = last.name &+ 1
      } else {
        return false
      }
    }
    return pattern.dropFirst(next).allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
