/// Where the next line ends, and whether it has anything that somebody could want to read: most lines of most programs
/// need to be looked at no more than this once.
struct LineScan {
  /// The next byte that shapes the line; the count of the bytes where there is none.
  let end: Int
  /// No digit, `nan`, `inf`, or vertical line of those that tables are drawn with is in front of it. Where false, one may
  /// be there.
  let isText: Bool

  /// Sixteen bytes, and the two behind them in which a word may go on.
  private static let span = 18

  /// Behind the first byte of interest only the end matters, for whoever reads the line looks for the rest.
  // bounded: each load ends within the bytes
  init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    var index = start
    while index &+ Self.span <= bytes.count {
      let text = SixteenBytes.load(bytes, index)
      let small = SixteenBytes.small(text)
      var speaking = SixteenBytes.digits(text)
      speaking.add(.equal(text, 0xE2))
      speaking.add(
        .words(
          small, SixteenBytes.small(SixteenBytes.load(bytes, index &+ 1)),
          SixteenBytes.small(SixteenBytes.load(bytes, index &+ 2))))
      let controls = SixteenBytes.controls(text)
      if !controls.isEmpty, let shaping = Control.shaping(text).first {
        end = index &+ shaping
        isText = speaking.first.map { $0 > shaping } ?? true
        return
      }
      if !speaking.isEmpty {
        end = Control.next(in: bytes, from: index &+ 16)
        isText = false
        return
      }
      index &+= 16
    }
    end = Control.next(in: bytes, from: index)
    isText = LineMarks(bytes.part(index, end)).isText
  }
}
