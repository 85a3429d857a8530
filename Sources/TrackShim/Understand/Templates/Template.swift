/// A line of somebody's log in which the numbers are named; docs/formats.md is the language in prose.
///
/// What is to be matched stands in `parts`, in order, cut into segments by `{*}`: within a segment everything follows
/// at once, and a segment that floats is looked for.
package struct Template: Equatable {
  /// Of the line that a template is written in, options included; far above what anybody prints.
  static let lengthLimit = 4096
  /// Names, skips and stars of one template.
  package static let holeLimit = 64

  enum Part: Equatable {
    /// These bytes of `text`.
    case text(Range<Int>)
    /// One blank or more.
    case blanks
    case anyBlanks
    /// A place where no word goes on.
    case wordEnd
    /// By its number in `holes`.
    case hole(Int)
  }

  struct Hole: Equatable {
    enum Kind { case step, metric, config, text, skip, list }
    let kind: Kind
    /// What stands behind it, in `text`. Empty: a blank, a star or the end.
    var stop = 0..<0
    var factor: ScaleFactor?
  }

  struct Segment: Equatable {
    let parts: Range<Int>
    /// Looked for from where the last one ended on, and not expected there.
    let isFloating: Bool
    /// It may not be found in the middle of a word.
    let startsWord: Bool
  }

  enum SummaryRule: String, CaseIterable { case last, min, max, first, mean }

  struct Summary: Equatable {
    let metric: [UInt8]
    let rule: SummaryRule
  }

  var text: [UInt8] = []
  var parts: [Part] = []
  var segments: [Segment] = []
  /// Whether anything may follow the last segment.
  var isOpenEnded = false
  var holes: [Hole] = []
  /// For each hole the metric or config key, with its prefix; UTF-8.
  var names: [[UInt8]] = []
  /// Of the names that the line itself gives.
  var prefix: [UInt8] = []
  var stepOffset: Int64 = 0
  var streams = Settings.Streams.both
  var summaries: [Summary] = []
  /// The section that its line begins; those of a set are counted from 1.
  var opens: Int?
  /// The only section whose lines may be its own.
  var section: Int?
  /// Where it was written, counted from 1.
  var line = 1
}

/// From one line to another nothing is read, by no format. Both lines belong to the block.
struct ExclusionBlock: Equatable {
  let from: Template
  let to: Template
}

extension UInt8 {
  /// Of a word or a number; bytes of UTF-8 beyond ASCII are letters.
  package var isWordByte: Bool { isDigit || lowercasedASCII &- 0x61 < 26 || self == 0x5F || self >= 0x80 }

  /// Neither blank nor part of a word.
  var isPunctuation: Bool { !isBlank && !isWordByte }

  package static let openBrace = UInt8(ascii: "{")
  package static let closeBrace = UInt8(ascii: "}")
  package static let comma = UInt8(ascii: ",")
  package static let point = UInt8(ascii: ".")
  static let percent = UInt8(ascii: "%")
}
