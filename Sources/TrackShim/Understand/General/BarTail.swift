/// The bar that a row of columns may carry behind it: `0/3  3.5G  0.02: 100%|███| 60/60 [00:06<00:00]`.
enum BarTail {
  /// What stands before it.
  static func cut(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let bar = line.first(0x7C), bar > 0, line[bar &- 1] == 0x25 else { return line }
    var start = bar &- 1
    while start > 0, line[start &- 1].isDigit || line[start &- 1].isBlank { start &-= 1 }
    guard start > 0, line[start &- 1] == 0x3A else { return line }
    return line.part(0, start &- 1)
  }
}
