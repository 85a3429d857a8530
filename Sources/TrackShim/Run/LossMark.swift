/// The line that says in the console log where output is missing. It stands in the journal only, and whoever
/// reads that again after a crash must stop at the same place as we did.
enum LossMark {
  private static let beginning: StaticString = "[trackshim: "
  private static let end: StaticString = "output were lost here: they came faster than they could be taken]"
  private static let endOfUncounted: StaticString = "output was lost here]"

  /// `bytes` 0: nobody knows how many.
  static func text(bytes: Int) -> [UInt8] {
    Array((bytes > 0 ? "\(beginning)\(bytes) bytes of \(end)\n" : "\(beginning)\(endOfUncounted)\n").utf8)
  }

  /// Whether a line, without its line end, is one.
  static func isOne(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.starts(with: bytes(of: beginning)) else { return false }
    return line.ends(with: bytes(of: end)) || line.ends(with: bytes(of: endOfUncounted))
  }

  private static func bytes(of text: StaticString) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func ends(with bytes: UnsafeBufferPointer<UInt8>) -> Bool { suffix(bytes.count).elementsEqual(bytes) }
}
