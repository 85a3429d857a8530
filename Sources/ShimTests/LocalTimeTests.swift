import Testing

@testable import TrackShim

@Suite struct LocalTimeTests {
  /// What `TZ=zone date -d @seconds +%Y%m%d_%H%M%S` prints (GNU coreutils 9.1, tzdata 2025b).
  private static let table: [(String, [(Int64, String)])] = [
    (
      "Europe/Berlin",
      [
        (-2_000_000_000, "19060816_212640"), (-86_401, "19691231_005959"), (-1, "19700101_005959"),
        (0, "19700101_010000"), (951_782_399, "20000229_005959"), (951_782_400, "20000229_010000"),
        (1_711_846_799, "20240331_015959"), (1_711_846_800, "20240331_030000"), (1_729_990_799, "20241027_025959"),
        (1_729_990_800, "20241027_020000"), (1_795_331_147, "20261122_080547"), (2_209_032_000, "20400101_130000"),
      ]
    ),
    (
      "America/New_York",
      [
        (-2_000_000_000, "19060816_152640"), (-1, "19691231_185959"), (0, "19691231_190000"),
        (1_710_053_999, "20240310_015959"), (1_710_054_000, "20240310_030000"), (1_730_613_599, "20241103_015959"),
        (1_730_613_600, "20241103_010000"), (1_795_331_147, "20261122_020547"), (2_209_032_000, "20400101_070000"),
      ]
    ),
    (
      "Asia/Kolkata",
      [
        (-2_000_000_000, "19060817_015640"), (-86_401, "19691231_052959"), (0, "19700101_053000"),
        (1_700_000_000, "20231115_034320"), (1_795_331_147, "20261122_123547"), (2_224_670_400, "20400630_173000"),
      ]
    ),
    (
      "UTC",
      [
        (-2_000_000_000, "19060816_202640"), (-1, "19691231_235959"), (0, "19700101_000000"),
        (951_782_400, "20000229_000000"), (1_795_331_147, "20261122_070547"), (2_224_670_400, "20400630_120000"),
      ]
    ),
  ]

  private static let hasZones = Files.exists("/usr/share/zoneinfo/Europe/Berlin")

  private func stamp(_ zone: String?, _ seconds: Int64) -> String {
    LocalTime(zone: zone, at: seconds) { (try? Files.read($0)) ?? [] }.stamp(seconds)
  }

  @Test(.enabled(if: hasZones, "needs the system's time zones"), arguments: table)
  func saysWhatDateSays(_ zone: String, _ moments: [(Int64, String)]) {
    for (seconds, text) in moments {
      #expect(stamp(zone, seconds) == text)
      #expect(stamp(":" + zone, seconds) == text)
      #expect(stamp("/usr/share/zoneinfo/" + zone, seconds) == text)
    }
  }

  @Test func whichFileIsRead() {
    func read(_ zone: String?) -> String {
      var path = ""
      _ = LocalTime(zone: zone, at: 0) {
        path = $0
        return []
      }
      return path
    }
    #expect(read(nil) == "/etc/localtime")
    #expect(read("") == "/usr/share/zoneinfo/UTC")
    #expect(read("Asia/Kolkata") == "/usr/share/zoneinfo/Asia/Kolkata")
    #expect(read(":Asia/Kolkata") == "/usr/share/zoneinfo/Asia/Kolkata")
    #expect(read(":/x/y") == "/x/y")
  }

  @Test(arguments: ["No/Such", "CET-1CEST", "/nonexistent", "\u{1B}[2J", "../../../etc/passwd", ":", "/"])
  func whatIsNoZoneIsUTC(zone: String) {
    #expect(stamp(zone, 1_795_331_147) == "20261122_070547")
  }

  // MARK: Files of our own

  private func bigEndian(_ value: Int64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> Int64(8 * (size - 1 - $0))) }
  }

  /// A second-version file; the first, 32-bit part says something else, and is not to be used.
  private func zoneFile(_ transitions: [(Int64, UInt8)], offsets: [Int64]) -> [UInt8] {
    func header(_ times: Int, _ types: Int) -> [UInt8] {
      Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        + [0, 0, 0, times, types, 4].flatMap { bigEndian(Int64($0), 4) }
    }
    func types(_ offsets: [Int64]) -> [UInt8] { offsets.flatMap { bigEndian($0, 4) + [0, 0] } }
    let first = header(1, 1) + bigEndian(0, 4) + [0] + types([-3_600]) + Array("XXX\0".utf8)
    let second = header(transitions.count, offsets.count) + transitions.flatMap { bigEndian($0.0, 8) }
    return first + second + transitions.map(\.1) + types(offsets) + Array("XXX\0\nXXX0\n".utf8)
  }

  private func offset(_ file: [UInt8], _ seconds: Int64) -> Int64 {
    LocalTime(zone: "x", at: seconds) { _ in file }.offset
  }

  @Test func theSecondPartDecides() {
    let file = zoneFile([(-100, 1), (100, 2), (200, 0)], offsets: [60, -7_200, 20_700])
    let expected: [(Int64, Int64)] = [
      (.min, 60), (-101, 60), (-100, -7_200), (99, -7_200), (100, 20_700), (199, 20_700), (200, 60), (.max, 60),
    ]
    for (seconds, east) in expected { #expect(offset(file, seconds) == east) }
    #expect(offset(zoneFile([], offsets: [3_600]), 0) == 3_600)
    // A transition to a kind of time that the file does not have.
    #expect(offset(zoneFile([(0, 9)], offsets: [3_600]), 5) == 0)
  }

  @Test func aFileThatEndsTooSoonIsUTC() {
    let file = zoneFile([(-100, 1), (100, 2)], offsets: [60, -7_200, 20_700])
    let needed = file.count - "XXX\0\nXXX0\n".utf8.count
    for size in 0..<needed { #expect(offset(Array(file[..<size]), 0) == 0) }
    #expect(offset(Array(file[..<needed]), 0) == -7_200)
    var old = file
    old[4] = 0
    #expect(offset(old, 0) == 0)
  }

  @Test func anyBytesAndAnyTime() {
    var random = SplitMix(seed: 71)
    let file = zoneFile((0..<20).map { (Int64($0) * 1_000, UInt8($0 % 3)) }, offsets: [60, -7_200, 20_700])
    let times: [Int64] = [.min, .min + 1, -62_167_219_201, -1, 0, 1, .max - 1, .max]
    for round in 0..<20_000 {
      var broken = file
      for _ in 0...random.below(6) {
        // Mostly the counts, on which everything depends.
        let at = random.below(3) == 0 ? random.below(file.count) : [20, 79][random.below(2)] + random.below(24)
        broken[at] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.below(4) == 0 { broken.removeLast(random.below(broken.count)) }
      if round % 50 == 0 { broken = Array("TZif2".utf8) + random.bytes(random.below(300)) }
      let time = LocalTime(zone: "x", at: times[random.below(times.count)]) { _ in broken }
      #expect((Int64(Int32.min)...Int64(Int32.max)).contains(time.offset))
      #expect(time.stamp(times[random.below(times.count)]).utf8.count >= 15)
    }
  }

  // MARK: The calendar

  /// Every day of 800 years, counted by the rules everybody knows.
  @Test func everyDay() {
    let utc = LocalTime(zone: "", at: 0) { _ in [] }
    var (year, month, day) = (1_600, 1, 1)
    for days in -135_140..<157_054 as Range<Int64> {
      let text = utc.stamp(days * 86_400 + 3_661)
      let expected = year * 10_000 + month * 100 + day
      guard text == "\(expected)_010101" else {
        Issue.record("day \(days) is \(text), not \(expected)")
        return
      }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      day += 1
      guard day > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] else { continue }
      day = 1
      month = month % 12 + 1
      if month == 1 { year += 1 }
    }
    #expect(year == 2_400)
  }
}
