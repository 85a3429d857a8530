/// One training step, as the seed's trainer and llm.c's print it:
///
///     step    1/6: train loss 4.622903 (0.941200 ms, 2175945 tok/s)                     the seed, llm.c fp32
///     step    1/74: train loss 4.367631 norm 1.2345 lr 3.00e-04 (80.64 ms, 50794 tok/s) llm.c, spring 2024
///     step    1/74 | loss 4.368857 (+nanz)| norm 15.3660 (+nanz)| lr 2.14e-06 | 3178.60 ms | 0.0% bf16 MFU | 164945 tok/s
///     step    1/20 | train loss 4.367857 | norm 15.3660 | lr 1.00e-04 | (80.64 ms | 50794 tok/s)   its Python twin
///     step 0: train loss 5.356189 (took 1452.121000 ms)                                 llm.c on the CPU
///
/// The z-scores in brackets are a running statistic of the two values beside them and give nothing.
struct StepLine {
  private(set) var step: Int64 = 0
  /// llm.c on the CPU numbers its steps from 0; all others show the number of steps done.
  private(set) var countsFromZero = false

  /// Fails when the line is not wholly a step line; `reading` is then of no use.
  init?(_ line: UnsafeRawBufferPointer, into reading: inout SeedReading) {
    var scanner = ByteScanner(line)
    guard scanner.take("step"), scanner.skipBlanks() > 0, let number = scanner.unsignedInteger() else { return nil }
    guard number <= StepCount.largest else { return nil }
    step = number
    if scanner.take(0x2F) { guard scanner.unsignedInteger() != nil else { return nil } }
    let matched =
      scanner.take(": train loss ")
      ? takeSentence(&scanner, &reading)
      : Self.takeFields(&scanner, &reading)
    guard matched, scanner.isAtEnd else { return nil }
  }

  private mutating func takeSentence(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    guard reading.take(.trainLoss, from: &scanner) else { return false }
    if scanner.take(" norm ") { guard reading.take(.norm, from: &scanner) else { return false } }
    if scanner.take(" lr ") { guard reading.take(.learningRate, from: &scanner) else { return false } }
    guard scanner.take(" (") else { return false }
    countsFromZero = scanner.take("took ")
    guard reading.take(.stepTime, from: &scanner), scanner.take(" ms") else { return false }
    if scanner.take(", ") {
      guard reading.take(.tokensPerSecond, from: &scanner), scanner.take(" tok/s") else { return false }
    }
    return scanner.take(0x29)
  }

  private static func takeFields(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    var isOpen = false
    while !scanner.isAtEnd {
      scanner.skipBlanks()
      guard scanner.take("| ") else { return false }
      scanner.skipBlanks()
      if !isOpen { isOpen = scanner.take(0x28) }
      guard takeField(&scanner, &reading) else { return false }
      if isOpen, scanner.take(0x29) { break }
    }
    return reading.has(.trainLoss)
  }

  private static func takeField(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    if scanner.take("loss ") || scanner.take("train loss ") { return takeScored(.trainLoss, &scanner, &reading) }
    if scanner.take("norm ") { return takeScored(.norm, &scanner, &reading) }
    if scanner.take("lr ") { return reading.take(.learningRate, from: &scanner) }
    return takeWithUnit(&scanner, &reading)
  }

  /// A value that may be followed by its z-score, `(+1.23z)` or, in older versions, `(z +1.23)`.
  private static func takeScored(
    _ metric: SeedMetric, _ scanner: inout ByteScanner, _ reading: inout SeedReading
  ) -> Bool {
    scanner.skipBlanks()
    guard reading.take(metric, from: &scanner) else { return false }
    guard scanner.take(" (") else { return true }
    _ = scanner.take("z ")
    guard scanner.number() != nil else { return false }
    _ = scanner.take(0x7A)
    return scanner.take(0x29)
  }

  private static func takeWithUnit(_ scanner: inout ByteScanner, _ reading: inout SeedReading) -> Bool {
    var ahead = scanner
    guard ahead.number() != nil else { return false }
    if ahead.take(" ms") { return reading.take(.stepTime, from: &scanner) && scanner.take(" ms") }
    if ahead.take(" tok/s") { return reading.take(.tokensPerSecond, from: &scanner) && scanner.take(" tok/s") }
    guard ahead.take("% "), reading.take(.mfu, from: &scanner) else { return false }
    return takePeakName(&scanner)
  }

  /// `% bf16 MFU`, `% A100 fp16 MFU`: which peak the utilisation is measured against.
  private static func takePeakName(_ scanner: inout ByteScanner) -> Bool {
    while let byte = scanner.next, byte != 0x7C {
      if scanner.take(" MFU") { return true }
      _ = scanner.take(byte)
    }
    return false
  }
}
