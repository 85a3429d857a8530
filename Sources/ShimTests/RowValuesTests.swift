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

  private func items(_ row: RowValues) -> ItemList {
    var list = ItemList()
    list.append(contentsOf: row)
    return list
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
      #expect(items(reused).encoded == list.encoded && items(reused).count == list.count)
      #expect(values(reused).map(\.0) == printed.map(\.0))
      #expect(values(reused).map(\.1) == printed.map { Array($0.1.asText.utf8) })
      #expect(values(reused, from: 2).map(\.0) == printed.dropFirst(2).map(\.0))
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
