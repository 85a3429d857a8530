/// The text files of /proc, /sys and cgroups: lines of fields with blanks between them. Whatever is in one, what it does
/// not say is nil.
struct KernelText {
  struct Line {
    let fields: [ArraySlice<UInt8>]

    /// The field of that number, from 0.
    func text(_ index: Int) -> String? { field(index).map { Array($0).asText } }
    func number(_ index: Int) -> UInt64? { field(index).flatMap { KernelText.decimal($0) } }

    func field(_ index: Int) -> ArraySlice<UInt8>? {
      // bounded: within the fields
      index >= 0 && index < fields.count ? fields[index] : nil
    }

    func starts(with word: String) -> Bool { field(0)?.elementsEqual(word.utf8) == true }
  }

  private let bytes: [UInt8]

  /// nil where it cannot be read. Of a longer one the beginning.
  init?(_ path: String, limit: Int = 16_384) {
    guard let bytes = try? Files.read(path, limit: limit) else { return nil }
    self.bytes = bytes
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var lines: some Sequence<Line> {
    bytes.lazy.split(separator: UInt8(ascii: "\n")).map { Line(fields: KernelText.fields($0)) }
  }

  /// The whole text as one number (`memory.current`). A word, as `max`, is none.
  var number: UInt64? { lines.first { _ in true }?.number(0) }

  func line(_ word: String) -> Line? { lines.first { $0.starts(with: word) } }

  private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  static func decimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isMore) = tens.addingReportingOverflow(UInt64(digit &- 0x30))
      guard !isOver, !isMore else { return nil }
      value = sum
    }
    return value
  }
}
