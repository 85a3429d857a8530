/// What the seed's trainer and llm.c print when they evaluate, all without a step of their own:
///
///     val loss 4.601122 (avg_train 4.616980, gap -0.015858)
///     val loss 4.517186
///     test loss 4.549000
///     HellaSwag: 2590/10042 = 0.257917
enum EvaluationLine {
  /// False when the line is not wholly one of these; `reading` is then of no use.
  static func take(_ line: UnsafeRawBufferPointer, into reading: inout SeedReading) -> Bool {
    var scanner = ByteScanner(line)
    let matched =
      switch scanner.next {
      case 0x76: takeValidation(&scanner, &reading)
      case 0x74: scanner.take("test loss ") && reading.take(.testLoss, from: &scanner)
      case 0x48: takeHellaSwag(&scanner, &reading)
      default: false
      }
    return matched && scanner.isAtEnd
  }

  private static func takeValidation(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    guard scanner.take("val loss "), reading.take(.valLoss, from: &scanner) else { return false }
    guard scanner.take(" (avg_train ") else { return true }
    return reading.take(.avgTrainLoss, from: &scanner) && scanner.take(", gap ")
      && reading.take(.generalizationGap, from: &scanner) && scanner.take(0x29)
  }

  private static func takeHellaSwag(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    guard scanner.take("HellaSwag: ") else { return false }
    var ahead = scanner
    if ahead.unsignedInteger() != nil, ahead.take(0x2F), ahead.unsignedInteger() != nil, ahead.take(" = ") {
      scanner = ahead
    }
    return reading.take(.hellaswag, from: &scanner)
  }
}
