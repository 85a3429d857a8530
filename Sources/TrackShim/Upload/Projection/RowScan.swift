/// The items of a history, summary or stats record, straight from the record's bytes: a training may print
/// thousands of rows a second, and each passes here.
enum RowScan {
  struct Item {
    var name = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Those below it: W&B's own journals may nest.
    var innerNames: [UnsafeRawBufferPointer] = []
    var json = UnsafeRawBufferPointer(start: nil, count: 0)
    fileprivate var hasName = false

    /// From the outermost on.
    var names: [UnsafeRawBufferPointer] { [name] + innerNames }
    var isPlain: Bool { innerNames.isEmpty }

    func isNamed(_ text: StaticString) -> Bool {
      isPlain && name.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate mutating func add(name found: UnsafeRawBufferPointer) {
      if hasName { innerNames.append(found) } else { name = found }
      hasName = true
    }
  }

  /// Calls `body` with each item of the message; `field` is the items' number in it.
  static func items(of message: UnsafeRawBufferPointer, field: Int, _ body: (Item) -> Void) {
    var reader = WireReader(message)
    while let found = try? reader.next() {
      guard found.number == field, let bytes = found.bytes, let item = item(bytes) else { continue }
      body(item)
    }
  }

  private static func item(_ bytes: UnsafeRawBufferPointer) -> Item? {
    var item = Item()
    var reader = WireReader(bytes)
    while let field = try? reader.next() {
      guard let value = field.bytes else { continue }
      switch field.number {
      case 1, 2: item.add(name: value)
      case 16: item.json = value
      default: break
      }
    }
    return item.hasName && !item.json.isEmpty ? item : nil
  }
}
