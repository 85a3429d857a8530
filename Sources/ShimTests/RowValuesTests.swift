import Testing

@testable import TrackShim

@Suite struct RowValuesTests {
  private let keys = ItemKeys([Array("loss".utf8), [], Array("k\u{E9}".utf8)])

  private func row(_ values: [(Int, [UInt8])]) -> RowValues {
    var row = RowValues()
    for (name, value) in values { value.withUnsafeBytes { row.append(name, $0, of: keys) } }
    return row
  }

  private func values(_ row: RowValues, from first: Int = 0) -> [(Int, [UInt8])] {
    var found: [(Int, [UInt8])] = []
    row.forEach(from: first) { found.append(($0, Array($1))) }
    return found
  }

  private func items(_ row: RowValues) -> [UInt8] {
    var bytes: [UInt8] = []
    row.forItems { bytes.append(contentsOf: $0) }
    #expect(row.itemsSize == bytes.count)
    return bytes
  }

  /// Whatever the values are: what is no item is a value all the same.
  @Test func itemsAreThoseOfAList() {
    var random = SplitMix(seed: 41)
    var reused = RowValues()
    for _ in 0..<500 {
      let printed = (0..<random.below(8)).map { _ in
        (random.below(5), random.below(3) == 0 ? random.bytes(random.below(200)) : Array("0.25".utf8))
      }
      reused.removeAll()
      var list = ItemList()
      for (name, value) in printed {
        value.withUnsafeBytes {
          reused.append(name, $0, of: keys)
          list.append(name, of: keys, json: $0)
        }
      }
      #expect(items(reused) == list.encoded)
      #expect(values(reused).map(\.0) == printed.map(\.0))
      #expect(values(reused).map(\.1) == printed.map { Array($0.1.asText.utf8) })
      #expect(values(reused, from: 2).map(\.0) == printed.dropFirst(2).map(\.0))
    }
  }

  /// A line's metrics at once, in memory that earlier rows have left, are what each by itself is in memory of its own:
  /// values of the same size where others stood, longer and shorter ones, names that change, and two lines in a row.
  @Test(arguments: [1, 129, 20_000]) func aLineInUsedMemoryIsAsItsMetricsInNew(longest: Int) {
    let keys = ItemKeys([
      Array("loss".utf8), [], Array("k\u{E9}".utf8), [UInt8](repeating: 0x61, count: longest), Array("lr".utf8),
    ])
    var random = SplitMix(seed: 43)
    let texts = ["0.25", "1.50", "12.75", "3", "NaN", "-Infinity", "", "\u{E9}", "100200"]
    var used = RowValues(), other = RowValues()
    for _ in 0..<3_000 {
      // Now and then another row gets the memory, as it does when a row is closed.
      if random.below(3) == 0 { swap(&used, &other) }
      used.removeAll()
      var expected = RowValues()
      for _ in 0...random.below(2) {
        var line = Observations()
        let metrics = (0..<random.below(4)).map {
          (random.below(8) == 0 ? random.below(5) : $0, texts[random.below(9)])
        }
        for (name, text) in metrics { line.add(name, Array(text.utf8)) }
        line.withMetrics { used.append($0, in: $1, of: keys) }
        for (name, text) in metrics { Array(text.utf8).withUnsafeBytes { expected.append(name, $0, of: keys) } }
      }
      #expect(items(used) == items(expected))
      #expect(values(used).map(\.0) == values(expected).map(\.0))
      #expect(values(used).map(\.1) == values(expected).map(\.1))
    }
  }

  @Test func eachValueIsToldOnce() {
    var one = row([(0, [0x31]), (1, [0x32])])
    var told: [Int] = []
    one.tell { name, _ in told.append(name) }
    one.tell { name, _ in told.append(name) }
    [UInt8](arrayLiteral: 0x33).withUnsafeBytes { one.append(2, $0, of: keys) }
    one.tell { name, _ in told.append(name) }
    one.tellAgain()
    one.tell { name, _ in told.append(name) }
    #expect(told == [0, 1, 2, 0, 1, 2])
    #expect(one.value(of: 2) == [0x33] && one.value(of: 7) == nil)
  }

  @Test func namesAreComparedInOrder() {
    let one = row([(0, [0x31]), (2, [0x32])])
    #expect(one.hasSameNames(as: row([(0, [0x33]), (2, [])])))
    for other in [row([(2, [0x31]), (0, [0x32])]), row([(0, [0x31])]), row([])] {
      #expect(!one.hasSameNames(as: other))
    }
    var emptied = one
    emptied.removeAll()
    #expect(emptied.hasSameNames(as: RowValues()) && values(emptied).isEmpty)
  }
}
