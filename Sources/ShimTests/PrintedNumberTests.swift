import Foundation
import Testing

@testable import TrackShim

/// A small generator that gives the same cases on every run.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

func isJSONNumber(_ bytes: [UInt8]) -> Bool {
  let text = String(decoding: bytes, as: UTF8.self)
  if ["NaN", "Infinity", "-Infinity"].contains(text) { return true }
  return text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
}

@Suite struct PrintedNumberTests {
  /// What is printed, its JSON text, and how much of it is the number.
  private static let table: [(String, String, Int)] = [
    ("0", "0", 1), ("7", "7", 1), ("007", "7", 3), ("+7", "7", 2), ("-7", "-7", 2), ("-007", "-7", 4), ("000", "0", 3),
    ("-0", "-0", 2), ("-0.000000", "-0.000000", 9), ("+0.000000", "0.000000", 9), ("00.50", "0.50", 5),
    (".5", "0.5", 2), ("-.5", "-0.5", 3), ("+.5e3", "0.5e3", 5), ("5.", "5.0", 2), ("5.e3", "5.0e3", 4),
    ("05.", "5.0", 3),
    ("1.000000e-03", "1.000000e-03", 12), ("1E+05", "1E+05", 5), ("1e5", "1e5", 3), ("1e", "1", 1), ("1e+", "1", 1),
    ("4.622903000000000000000001", "4.622903000000000000000001", 26), ("-2147483648", "-2147483648", 11),
    ("123456789012345678901234567890", "123456789012345678901234567890", 30), ("1e999", "1e999", 5),
    ("1.2.3", "1.2", 3), ("1,5", "1", 1), ("0x10", "0", 1), ("1 2", "1", 1), ("1_000", "1", 1), ("7.0f", "7.0", 3),
    ("nan", "NaN", 3), ("-nan", "NaN", 4), ("+nan", "NaN", 4), ("NaN", "NaN", 3), ("NAN", "NaN", 3), ("nanz", "NaN", 3),
    ("nan(0x7ff8)", "NaN", 11), ("-nan(ind)", "NaN", 9), ("nan()", "NaN", 5), ("nan(a b)", "NaN", 3),
    ("nan(", "NaN", 3),
    ("inf", "Infinity", 3), ("-inf", "-Infinity", 4), ("+INF", "Infinity", 4), ("Infinity", "Infinity", 8),
    ("-infinity", "-Infinity", 9), ("infinit", "Infinity", 3),
  ]

  private func json(_ text: String) -> (String, Int)? {
    Array(text.utf8).withUnsafeBytes { bytes in
      guard let number = PrintedNumber(in: bytes, at: 0) else { return nil }
      var json: [UInt8] = []
      number.appendJSON(from: bytes, to: &json)
      #expect(isJSONNumber(json))
      return (String(decoding: json, as: UTF8.self), number.range.count)
    }
  }

  @Test(arguments: table) func isJSON(_ printed: String, _ expected: String, _ length: Int) throws {
    let found = try #require(json(printed))
    #expect(found == (expected, length))
  }

  @Test(arguments: ["", "+", "-", ".", "-.", "+-1", "--1", "e5", ".e5", "na", "in", "-", "x", " 1", "−1", "\0"])
  func isNoNumber(_ text: String) { #expect(json(text) == nil) }

  @Test func lengthIsBounded() {
    let longest = String(repeating: "1", count: PrintedNumber.longest)
    #expect(json(longest)?.0 == longest)
    #expect(json(longest + "1") == nil)
    #expect(json(String(format: "%f", Double.greatestFiniteMagnitude)) != nil)
  }

  @Test func positionsOutsideAreNoNumber() {
    Array("12".utf8).withUnsafeBytes { bytes in
      #expect(PrintedNumber(in: bytes, at: -1) == nil)
      #expect(PrintedNumber(in: bytes, at: 2) == nil)
      #expect(PrintedNumber(in: bytes, at: .max) == nil)
      #expect(PrintedNumber(in: UnsafeRawBufferPointer(start: nil, count: 0), at: 0) == nil)
    }
  }

  /// Whatever C prints for a double is taken whole, and its digits survive.
  @Test func everyPrintedDoubleSurvives() throws {
    var random = SeededRandom(2)
    for _ in 0..<2_000 {
      let value = Double(bitPattern: random.next())
      for format in ["%f", "%e", "%g", "%.17g", "%+.3f"] {
        let printed = String(format: format, value)
        let found = try #require(json(printed))
        #expect(found.1 == printed.utf8.count)
        guard value.isFinite else { continue }
        #expect(found.0 == (printed.hasPrefix("+") ? String(printed.dropFirst()) : printed))
      }
    }
  }

  @Test func integersAreTold() {
    func kind(_ text: String) -> PrintedNumber.Kind? {
      Array(text.utf8).withUnsafeBytes { PrintedNumber(in: $0, at: 0)?.kind }
    }
    #expect(kind("-12") == .integer)
    #expect(kind("12.0") == .decimal)
    #expect(kind("1e3") == .decimal)
    #expect(kind("-inf") == .infinity)
    #expect(kind("+nan") == .notANumber)
  }
}
