import CTrackShim

/// The values of trackshim_status.
enum CallStatus: Int32 {
  case ok = 0, inactive, invalid, dropped, timeout

  /// `sent` nil: the record had no room.
  init(sent: Bool?) { self = sent.map { $0 ? .ok : .dropped } ?? .invalid }

  /// What cannot be used is told also where nothing is recorded.
  static func of(_ text: Call.Text?, step: Int64? = nil, _ put: (Call.Text) -> Bool?) -> Int32 {
    guard let text, step.map(CallText.isStep) != false else { return invalid.rawValue }
    guard tsi_tap_can_record() else { return inactive.rawValue }
    return CallStatus(sent: put(text)).rawValue
  }

  static func of(_ key: Call.Text?, _ text: Call.Text?, _ put: (Call.Text, Call.Text) -> Bool?) -> Int32 {
    guard let text else { return invalid.rawValue }
    return of(key) { put($0, text) }
  }
}

/// Texts that a caller gave: nil where one cannot be used. No more than the longest is looked at.
enum CallText {
  static func key(_ key: UnsafePointer<CChar>?) -> Call.Text? {
    text(key, longest: Call.longestKey).flatMap { $0.isEmpty ? nil : $0 }
  }

  static func text(_ text: UnsafePointer<CChar>?) -> Call.Text? { self.text(text, longest: Call.longestText) }

  static func json(_ text: UnsafePointer<CChar>?) -> Call.Text? {
    guard let text = self.text(text) else { return nil }
    var parser = JSONParser(text)
    return parser.parse() == nil ? nil : text
  }

  static func path(_ path: UnsafePointer<CChar>?) -> Call.Text? {
    guard let path = text(path, longest: SavedFile.longestPath), let last = path.last else { return nil }
    return last == UInt8(ascii: "/") ? nil : path
  }

  static var none: Call.Text { Call.Text(start: nil, count: 0) }

  /// Empty where it is not to be had.
  static func withWorkingDirectory<Result>(_ body: (Call.Text) -> Result) -> Result {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { room in
      let size = tsi_working_directory(room.baseAddress?.assumingMemoryBound(to: CChar.self), room.count)
      return body(UnsafeRawBufferPointer(room).part(0, max(0, Int(clamping: size))))
    }
  }

  static func isStep(_ step: Int64) -> Bool { step >= -1 && step <= StepCount.largest }

  private static func text(_ text: UnsafePointer<CChar>?, longest: Int) -> Call.Text? {
    guard let text else { return nil }
    let size = tsi_text_size(text, longest &+ 1)
    return size <= longest ? Call.Text(start: text, count: size) : nil
  }
}
