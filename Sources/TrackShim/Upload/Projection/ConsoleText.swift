/// How W&B's server is sent a console line: with the time it was printed, in UTC, and a mark for stderr.
enum ConsoleText {
  /// `isStructured`: the server has said that it takes JSON lines (feature `STRUCTURED_CONSOLE_LOGS`).
  /// `label`: which of a run's writers printed it; "" where there is one.
  static func append(_ line: ConsoleLine, label: String = "", isStructured: Bool, to out: inout [UInt8]) {
    if isStructured { appendStructured(line, label, to: &out) } else { appendPlain(line, label, to: &out) }
  }

  private static func appendPlain(_ line: ConsoleLine, _ label: String, to out: inout [UInt8]) {
    if line.stream == .standardError { out.append(contentsOf: "ERROR ".utf8) }
    out.appendUTCTime(nanoseconds: line.time)
    if !label.isEmpty { out.append(contentsOf: " [\(label)]".utf8) }
    out.append(0x20)
    out.append(contentsOf: line.text)
  }

  private static func appendStructured(_ line: ConsoleLine, _ label: String, to out: inout [UInt8]) {
    out.append(contentsOf: (line.stream == .standardError ? #"{"level":"error","ts":""# : #"{"ts":""#).utf8)
    out.appendUTCTime(nanoseconds: line.time)
    out.append(UInt8(ascii: "\""))
    if !label.isEmpty {
      out.append(contentsOf: #","label":"#.utf8)
      out.appendJSONString(label)
    }
    out.append(contentsOf: #","content":"#.utf8)
    out.appendJSONString(line.text)
    out.append(UInt8(ascii: "}"))
  }
}
