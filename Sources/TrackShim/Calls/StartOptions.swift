import CTrackShim

/// trackshim_start
enum StartOptions {
  private static let names: [StaticString] = [
    "TRACKSHIM_PROJECT", "TRACKSHIM_ENTITY", "TRACKSHIM_NAME", "TRACKSHIM_RUN_ID", "TRACKSHIM_GROUP",
    "TRACKSHIM_JOB_TYPE", "TRACKSHIM_NOTES", "TRACKSHIM_TAGS", "TRACKSHIM_RESUME", "TRACKSHIM_DIR", "TRACKSHIM_MODE",
    "TRACKSHIM_STREAMS",
  ]

  static func put(_ options: UnsafeRawPointer?) -> CallStatus {
    guard let variables = variables(options) else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    return CallStatus(sent: Call.start(variables))
  }

  /// What is off from the start is never loaded so far; a program that wants that does not call.
  private static func isOff(_ index: Int, _ text: Call.Text) -> Bool {
    index == mode && text.map(\.lowercasedASCII).elementsEqual(disabled)
  }

  private static let mode = 10
  private static let disabled = Array("disabled".utf8)

  /// Programs that were compiled with an earlier header know of fewer: then the rest of them is none.
  // bounded: the struct has as many bytes as it says
  private static func variables(_ options: UnsafeRawPointer?) -> [(name: StaticString, value: Call.Text)]? {
    guard let options else { return [] }
    let size = options.loadUnaligned(as: Int.self), word = MemoryLayout<Int>.size
    guard size >= word, size % word == 0, size <= MemoryLayout<trackshim_options>.size else { return nil }
    var variables: [(StaticString, Call.Text)] = []
    var bytes = 0
    for (index, name) in names.enumerated() where (index &+ 2) &* word <= size {
      let field = options.loadUnaligned(fromByteOffset: (index &+ 1) &* word, as: UnsafePointer<CChar>?.self)
      guard let field else { continue }
      guard let text = CallText.text(field), !isOff(index, text) else { return nil }
      bytes &+= text.count
      variables.append((name, text))
    }
    return bytes <= Call.longestText ? variables : nil
  }
}
