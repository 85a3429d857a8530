/// Lines that the general reader cannot read, in the language of templates (docs/formats.md): a text for each family of
/// programs.
///
/// Each begins with text of its own or with a number, so that most lines cost it nothing; after the source of the
/// program that is named above it. What others could print as well stands `below` a heading of the program's.
enum Presets {
  static let set = TemplateSet(Array((learners + language + vision).utf8), origin: "presets")

  /// What those headings begin with that have no digit, `Epoch`, `Iterat` and `[-`: other lines without one need not be
  /// looked at.
  // bounded: two bytes are there
  static func mayBeHeading(_ line: UnsafeRawBufferPointer) -> Bool {
    guard line.count > 1 else { return false }
    switch line[0] {
    case 0x45: return line[1] == 0x70
    case 0x49: return line[1] == 0x74
    case 0x5B: return line[1] == 0x2D
    default: return false
    }
  }
}
