extension [UInt8] {
  private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  // bounded: a group is three bytes, a digit six bits, and there are 64 of them
  var base64: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(count / 3 &* 4 &+ 4)
    var position = 0
    while position < count {
      let group = (0..<3).map { position &+ $0 < count ? UInt32(self[position &+ $0]) : 0 }
      let bits = group[0] &<< 16 | group[1] &<< 8 | group[2]
      for digit in 0..<4 {
        let isPadding = digit > count &- position
        let index = Int(bits &>> UInt32(18 &- 6 &* digit)) & 63
        out.append(isPadding ? UInt8(ascii: "=") : Self.base64Digits[index])
      }
      position &+= 3
    }
    return out
  }
}
