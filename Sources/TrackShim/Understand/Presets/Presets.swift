/// Lines that the general reader cannot read, in the language of templates (docs/formats.md): a text for each family of
/// programs.
///
/// Each begins with text of its own or with a number, so that most lines cost it nothing; after the source of the
/// program that is named above it. What others could print as well stands `below` a heading of the program's.
enum Presets {
  static let set = TemplateSet(Array((learners + language + vision).utf8), origin: "presets")

  /// What those headings begin with that have no digit: other lines without one need not be looked at.
  static func mayBeHeading(_ first: UInt8?) -> Bool { first.map(beginnings.contains) == true }
  private static let beginnings = Array("EI[".utf8)
}
