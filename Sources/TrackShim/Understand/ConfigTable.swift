/// The table of settings that trainers of the seed's family print before they train:
///
///     +-----------------------+----------------------------------------------------+
///     | Parameter             | Value                                              |
///     +-----------------------+----------------------------------------------------+
///     | batch size B          | 4703                                               |
///
/// A row is a row wherever it stands: after a stray line, in another part of the table, also when
/// training has begun. Other programs print tables too, so a row must have the columns of this one;
/// once the heading has been seen, a row of any width is taken.
struct ConfigTable {
  /// `%-21s`; and the narrowest that the known programs pad their values to (most use 50).
  private static let keyColumns = 21
  private static let valueColumns = 46

  private var headingSeen = false

  /// True when the line is part of a table.
  mutating func take(_ line: UnsafeRawBufferPointer, into found: inout Observations) -> Bool {
    if line.first == 0x2B { return Self.isBar(line) }
    guard let (key, value) = Self.cells(of: line) else { return false }
    let keyText = key.withoutTrailingBlanks
    let valueText = value.withoutTrailingBlanks
    if Self.equals(keyText, "Parameter"), Self.equals(valueText, "Value") {
      headingSeen = true
      return true
    }
    guard headingSeen || (key.count >= Self.keyColumns && value.count >= Self.valueColumns) else { return false }
    guard let first = keyText.first, !first.isBlank else { return false }
    if !Self.equals(valueText, "NULL") {
      found.config.append(.init(key: Self.name(keyText), value: ConfigValue.json(of: valueText.withoutBlanks)))
    }
    return true
  }

  /// `| KEY | VALUE |`, both with their padding. A third cell makes it another program's table.
  private static func cells(
    of line: UnsafeRawBufferPointer
  ) -> (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
    let end = line.count &- 2
    guard end >= 2, line[0] == 0x7C, line[1] == 0x20, line[end] == 0x20, line[end &+ 1] == 0x7C else { return nil }
    guard let middle = separator(in: line, from: 2, to: end) else { return nil }
    guard separator(in: line, from: middle &+ 3, to: end) == nil else { return nil }
    return (line.part(2, middle), line.part(middle &+ 3, end))
  }

  /// Where ` | ` begins. Its last blank may be the one before the row's last bar.
  // bounded: `end` is at most the line's count less two
  private static func separator(in line: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
    var index = start
    while index &+ 2 <= end {
      if line[index &+ 1] == 0x7C, line[index] == 0x20, line[index &+ 2] == 0x20 { return index }
      index &+= 1
    }
    return nil
  }

  private static func isBar(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count > 2, line[1] == 0x2D, line[line.count &- 1] == 0x2B else { return false }
    return line.allSatisfy { $0 == 0x2B || $0 == 0x2D }
  }

  /// The seed's way: lower case, blanks to underscores, everything else as it is.
  private static func name(_ key: UnsafeRawBufferPointer) -> [UInt8] {
    ConfigValue.validUTF8(key).map { $0.isBlank ? 0x5F : $0.lowercasedASCII }
  }

  private static func equals(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
    var scanner = ByteScanner(bytes)
    return scanner.take(literal) && scanner.isAtEnd
  }
}
