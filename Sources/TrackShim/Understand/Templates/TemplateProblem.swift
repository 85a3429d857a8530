/// What is wrong with a template, where, and how it is put right.
struct TemplateProblem: Error, Equatable {
  /// Of the line, in bytes.
  let offset: Int
  let text: String

  init(at offset: Int, _ text: String) {
    self.offset = offset
    self.text = text
  }

  /// As an editor counts: in characters, from 1.
  func column(in line: ArraySlice<UInt8>) -> Int {
    line.prefix(offset).reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 &+ 1 }
  }
}
