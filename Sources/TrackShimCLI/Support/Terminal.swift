import Glibc

/// What can be shown where the text goes.
struct Terminal: Equatable {
  var columns = 80
  var isColoured = false
  var isASCII = false

  static func standardOutput(asksForASCII: Bool) -> Terminal {
    let isTerminal = isatty(1) == 1
    return Terminal(
      columns: isTerminal ? max(40, min(80, width(of: 1) ?? 80)) : 80,
      isColoured: isTerminal && Variable.nonEmpty("NO_COLOR") == nil && Variable.value("TERM") != "dumb",
      isASCII: asksForASCII || !isUTF8(Variable.nonEmpty))
  }

  /// nil where stderr is none, or none on which a line can be written over.
  static var standardError: Terminal? {
    guard isatty(2) == 1, Variable.value("TERM") != "dumb" else { return nil }
    return Terminal(columns: max(20, width(of: 2) ?? 80), isASCII: !isUTF8(Variable.nonEmpty))
  }

  private static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// As libc decides it, without loading the locale.
  static func isUTF8(_ variable: (String) -> String?) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first ?? ""
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  enum Ink: String {
    case heading = "1"
    case good = "32"
    case bad = "31"
    case first = "36"
    case second = "33"
    case faint = "2"
  }

  func painted(_ text: String, _ ink: Ink?) -> String {
    guard isColoured, let ink, !text.isEmpty else { return text }
    return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
  }
}
