/// A run's journal: records in, a `.wandb` file out that any reader can read at any moment. A class, since
/// there is one file, whatever copies of a run's state there are.
///
/// The run's end is written as soon as it is known, but a program may print after it (a handler of SIGABRT,
/// the last flush of stdio, an exec that failed). So the end can be taken back: `mark` remembers the place
/// before it, `rewind` returns there. Nothing else is ever taken back, for readers may follow the file.
package final class Journal {
  struct Mark {
    fileprivate let builder: RecordBuilder
    let offset: Int
  }

  package private(set) var file: JournalFile
  private var builder: RecordBuilder

  func losesDescriptor() { file.losesDescriptor() }

  package init(_ file: JournalFile, lastRecord: Int64 = 0) {
    self.file = file
    builder = RecordBuilder(after: lastRecord)
  }

  func append(_ message: some RecordMessage) { builder.append(message, to: &file) }

  func appendOutput(_ stream: OutputStream, at wall: Int64, chunk: UnsafeRawBufferPointer) {
    builder.appendOutput(stream, at: wall, line: chunk, isComplete: false, to: &file)
  }

  func appendHistory(_ row: RowValues, _ items: ItemList, _ end: ItemList, step: Int64) {
    builder.appendHistory(row, items, end, step: step, to: &file)
  }

  func appendHistory(_ items: ItemList, step: Int64) { builder.appendHistory(items, step: step, to: &file) }

  func appendSummary(_ items: ItemList, row: ItemList = ItemList()) {
    guard !items.isEmpty else { return }
    builder.appendSummary(items, row: row, to: &file)
  }

  /// Where the file will end once everything is written.
  var end: Int { file.end }

  package func write(now: Int64, isLast: Bool = false) -> Bool { file.write(now: now, isLast: isLast) }

  func mark() -> Mark { Mark(builder: builder, offset: file.end) }

  func rewind(to mark: Mark) {
    file.rewind(to: mark.offset)
    builder = mark.builder
  }
}
