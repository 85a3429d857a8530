// What mk/traps.py must refuse, marked so, and what it must let pass. Never compiled; see test_lint.py.

struct Sample {
  var bytes: [UInt8]
  var names: [String: Int] = [:]
  unowned let owner: Owner  // refused
  var implicit: Owner!  // refused

  func force(_ value: Int?) -> Int { value! }  // refused
  func call() { try! run() }  // refused
  func cast(_ any: Any) -> Int { any as! Int }  // refused
  func end() { fatalError("no") }  // refused
  func require(_ flag: Bool) { precondition(flag) }  // refused
  func check(_ flag: Bool) { assert(flag, "") }  // refused
  func forced(_ value: Int?) -> Int {
    // bounded: there is no excuse for this
    value! // refused
  }

  func pointer() -> String { String(cString: tsi_version()) }  // refused
  func safePointer() -> String { tsi_version().map { String(cString: $0) } ?? "" }

  func first() -> UInt8 { bytes[0] }  // refused
  func part(_ end: Int) -> ArraySlice<UInt8> { bytes[..<end] }  // refused
  func tested(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
  func other(_ index: Int, _ lines: [UInt8]) -> UInt8 { index < lines.count ? bytes[index] : 0 }  // refused
  func found() -> ArraySlice<UInt8> {
    guard let end = bytes.firstIndex(of: 0) else { return [] }
    return bytes[..<end]
  }
  func named(_ name: String) -> Int? { names[name] }

  func sum(_ size: Int, _ more: Int) -> Int { size + more }  // refused
  func next(_ size: Int) -> Int { size - 1 }  // refused
  func twice(_ size: Int) -> Int { size * 2 }  // refused
  mutating func grow(_ size: Int) { total += size }  // refused
  func wrapping(_ size: Int, _ more: Int) -> Int { size &+ more &* 2 }
  func text(_ name: String) -> String { "run-" + name }
  func double(_ seconds: Double) -> Double { seconds * 1e9 }
  func half(_ size: Int) -> Int { size / 2 }
  func share(_ size: Int, _ of: Int) -> Int { size / of }  // refused
  func rest(_ size: Int, _ of: Int) -> Int { size % of }  // refused

  func narrow(_ size: Int) -> UInt32 { UInt32(size) }  // refused
  func signed(_ size: UInt64) -> Int { Int(size) }  // refused
  func clamped(_ size: Int) -> UInt32 { UInt32(clamping: size) }
  func cut(_ size: Int) -> UInt32 { UInt32(truncatingIfNeeded: size) }
  func parsed(_ text: String) -> Int? { Int(text) }
  func quoted() -> String { "x! as! try! bytes[0] fatalError()" }

  // bounded: the caller has tested it
  func proven(_ index: Int) -> UInt8 {
    bytes[index]
  }

  func provenHere(_ index: Int) -> UInt8 {
    // bounded: the caller has tested it
    let value = bytes[index]
    return value &+ bytes[index &+ 1]  // refused
  }
}
