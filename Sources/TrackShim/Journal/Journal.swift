/// A run's journal: records in, a `.wandb` file out that any reader can read at any moment. A class, since
/// there is one file, whatever copies of a run's state there are.
///
/// The run's end is written as soon as it is known, but a program may print after it (a handler of SIGABRT,
/// the last flush of stdio, an exec that failed). So the end can be taken back: `mark` remembers the place
/// before it, `rewind` returns there. Nothing else is ever taken back, for readers may follow the file.
final class Journal {
  struct Mark {
    fileprivate let builder: RecordBuilder
    let offset: Int
  }

  private static let handLimit = 1 << 20

  private(set) var file: JournalFile
  private var builder: RecordBuilder
  private var record: [UInt8] = []
  private var framed: [UInt8] = []

  func losesDescriptor() { file.losesDescriptor() }

  init(_ file: JournalFile, lastRecord: Int64 = 0) {
    self.file = file
    builder = RecordBuilder(after: lastRecord)
  }

  func append(_ message: some RecordMessage) {
    builder.append(message, to: &record)
    frame()
  }

  func appendOutput(_ stream: OutputStream, at wall: Int64, chunk: UnsafeRawBufferPointer) {
    builder.appendOutput(stream, at: wall, line: chunk, isComplete: false, to: &record)
    frame()
  }

  func appendHistory(_ items: ItemList, step: Int64) {
    builder.appendHistory(items, step: step, to: &record)
    frame()
  }

  func appendSummary(_ items: ItemList) {
    guard !items.isEmpty else { return }
    builder.appendSummary(items, to: &record)
    frame()
  }

  /// Where the file will end once everything is written.
  var end: Int { file.end &+ framed.count }

  func write(now: Int64, isLast: Bool = false) -> Bool {
    hand()
    return file.write(now: now, isLast: isLast)
  }

  func mark() -> Mark {
    hand()
    return Mark(builder: builder, offset: file.end)
  }

  func rewind(to mark: Mark) {
    hand()
    file.rewind(to: mark.offset)
    builder = mark.builder
  }

  private func frame() {
    _ = LogFramer.append(record, at: end, to: &framed)
    record.removeAll(keepingCapacity: true)
    // A file that takes nothing any more is not to make us keep everything.
    if framed.count > Self.handLimit { hand() }
  }

  private func hand() {
    file.append(framed)
    framed.removeAll(keepingCapacity: true)
  }
}
