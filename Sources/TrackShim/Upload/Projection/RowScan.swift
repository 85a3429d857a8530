/// The items of a history, summary or stats record, straight from the record's bytes: a training may print
/// thousands of rows a second, and each passes here.
enum RowScan {
  struct Item {
    /// Usually one name; W&B's own journals may nest.
    var names: [UnsafeRawBufferPointer] = []
    var json = UnsafeRawBufferPointer(start: nil, count: 0)

    var isPlain: Bool { names.count == 1 }
    func isNamed(_ name: StaticString) -> Bool {
      guard names.count == 1, names[0].count == name.utf8CodeUnitCount else { return false }
      return names[0].elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
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
      case 1, 2: item.names.append(value)
      case 16: item.json = value
      default: break
      }
    }
    return item.names.isEmpty || item.json.isEmpty ? nil : item
  }
}
