/// A message that stands directly in a record.
protocol RecordMessage: WireMessage {
  /// Its field number in `Record`.
  static var recordField: Int { get }
}

/// Makes the payloads of one journal's records and numbers them. Each call appends exactly one
/// payload to `out`: to a journal's file, which puts it into its form, or to plain bytes.
///
/// `appendOutput`, `appendHistory` and `appendSummary` allocate nothing once `out` is large enough.
/// There is no way to make a record without content: W&B's reader panics on one.
struct RecordBuilder {
  /// Number of the last record made.
  private(set) var lastNumber: Int64
  private var body: [UInt8] = []

  /// Continues a journal whose last record has this number.
  init(after lastNumber: Int64 = 0) { self.lastNumber = lastNumber }

  /// Any record, for the ones a run has few of.
  mutating func append<Message: RecordMessage>(_ message: Message, to out: inout some RecordSpace) {
    body.removeAll(keepingCapacity: true)
    message.encode(into: &body)
    let body = body
    append(Message.recordField, size: body.count, to: &out) { out in
      body.withUnsafeBytes { out.append(contentsOf: $0) }
    }
  }

  /// A console line. The line comes without its end; `isComplete` says that it had one. It has to be
  /// in the record, since W&B joins what is printed on a stream and looks for line ends itself.
  mutating func appendOutput(
    _ stream: OutputStream, at nanoseconds: Int64, line: UnsafeRawBufferPointer,
    isComplete: Bool = true, to out: inout some RecordSpace
  ) {
    let text = UTF8Text(line)
    let timestamp = Timestamp(nanoseconds: nanoseconds)
    let textSize = text.validCount &+ (isComplete ? 1 : 0)
    let streamSize = stream.rawValue == 0 ? 0 : 2
    let size = streamSize &+ 1 &+ WireSize.prefixed(timestamp.size) &+ 1 &+ WireSize.prefixed(textSize)
    append(OutputRecord.recordField, size: size, to: &out) { out in
      out.appendField(1, stream.rawValue)
      out.appendHeader(2, size: timestamp.size)
      timestamp.encode(into: &out)
      out.appendHeader(3, size: textSize)
      text.append(to: &out)
      if isComplete { out.append(UInt8(ascii: "\n")) }
    }
  }

  /// The metrics of one step. `items` are to include `_step`, `_timestamp` and `_runtime`.
  mutating func appendHistory(_ items: ItemList, step: Int64, to out: inout some RecordSpace) {
    appendHistory(RowValues(), items, ItemList(), step: step, to: &out)
  }

  /// The same, with the items of `row` before them and those of `end` behind.
  mutating func appendHistory(
    _ row: RowValues, _ items: ItemList, _ end: ItemList, step: Int64, to out: inout some RecordSpace
  ) {
    let stepSize = step == 0 ? 0 : 1 &+ WireSize.varint(UInt64(bitPattern: step))
    let size = row.itemsSize &+ items.size &+ end.size &+ 1 &+ WireSize.prefixed(stepSize)
    append(HistoryRecord.recordField, size: size, to: &out) { out in
      row.forItems { out.append(contentsOf: $0) }
      if !items.isEmpty { items.append(to: &out) }
      end.append(to: &out)
      out.appendHeader(2, size: stepSize)
      out.appendField(1, step)
    }
  }

  /// Last values; later ones replace earlier ones of the same key.
  /// `row`: what of an open row its last values do not say.
  mutating func appendSummary(_ items: ItemList, row: ItemList = ItemList(), to out: inout some RecordSpace) {
    let field = UInt64(clamping: SummaryRecord.rowField) &<< 3
    let rowSize = row.isEmpty ? 0 : WireSize.varint(field) &+ WireSize.prefixed(row.size)
    append(SummaryRecord.recordField, size: items.size &+ rowSize, to: &out) { out in
      items.append(to: &out)
      guard !row.isEmpty else { return }
      out.appendHeader(SummaryRecord.rowField, size: row.size)
      row.append(to: &out)
    }
  }

  /// The record around a message of `size` bytes.
  @inline(__always)
  private mutating func append(
    _ field: Int, size: Int, to out: inout some RecordSpace, _ message: (inout ByteCursor) -> Void
  ) {
    lastNumber &+= 1
    let numberSize = 1 &+ WireSize.varint(UInt64(bitPattern: lastNumber))
    let tagSize = WireSize.varint(UInt64(truncatingIfNeeded: field) &<< 3)
    out.append(size: numberSize &+ tagSize &+ WireSize.prefixed(size)) { out in
      out.appendField(1, lastNumber)
      out.appendHeader(field, size: size)
      message(&out)
    }
  }
}
