/// The outlines that are known. A program prints lines of few outlines: for all but the first two of each, taking the
/// line apart is finding where its numbers stand.
struct OutlineBook {
  /// Powers of two: places are found by the lower bits of the outline's hash.
  private static let size = 512
  private static let memory = 1_024
  /// What decides beside the outline may change with each line: what never holds is not drawn up for ever.
  private static let mostPlans: UInt8 = 100

  private struct Page {
    var known: KnownOutline?
    /// Why none of its lines says anything, whatever else is known; nil: that is not so.
    var refusal: Refusal?
    /// It is of a table's rows.
    var row: RowPlan?
    /// Of its last line, if it is none of a table.
    var plan: ReportPlan?
    var plans: UInt8 = 0
    /// In which section of theirs, plus one, no preset had lines of the outline; 0: nobody knows. What presets look for
    /// are words and numbers, never a number's digits.
    var sectionWithoutPreset = 0
    /// Places of the outlines that came behind it, the last one first; -1: none.
    var next = -1
    var nextBefore = -1
  }

  private var pages: [Page] = []
  /// Outlines that were seen once: free text has as many as lines, and is not worth a place.
  private var seen: [UInt64] = []
  /// The place of the last line whose outline is known; -1: none.
  private var last = -1

  /// To be called when places of labels are given up.
  mutating func clear() {
    pages = []
    seen = []
    last = -1
  }

  /// The place of the line's outline, if it is one that came behind the last one. Its numbers are in `outline` then; of
  /// most other lines no more than their first bytes are looked at. `table`: whose row it is to be; nil: of none.
  mutating func expected(_ line: UnsafeRawBufferPointer, ofTable table: Int?, _ outline: inout LineOutline) -> Int? {
    guard last >= 0, last < pages.count else { return nil }
    let next = pages[last].next, nextBefore = pages[last].nextBefore
    return meet(next, line, table, &outline) ?? meet(nextBefore, line, table, &outline)
  }

  private mutating func meet(
    _ place: Int, _ line: UnsafeRawBufferPointer, _ table: Int?, _ outline: inout LineOutline
  ) -> Int? {
    guard place >= 0, place < pages.count, let known = pages[place].known, pages[place].row?.table == table,
      outline.take(known, line)
    else { return nil }
    note(place)
    return place
  }

  /// The place of this outline; nil: it is not known.
  // bounded: the tables have as many places as are asked for
  mutating func place(of outline: LineOutline, _ line: UnsafeRawBufferPointer, ofTable table: Int?) -> Int? {
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    guard place < pages.count, let known = pages[place].known, pages[place].row?.table == table,
      known.isOutline(outline, of: line)
    else { return nil }
    note(place)
    return place
  }

  // bounded: both are places of pages
  private mutating func note(_ place: Int) {
    if last >= 0, pages[last].next != place {
      pages[last].nextBefore = pages[last].next
      pages[last].next = place
    }
    last = place
  }

  func known(_ place: Int) -> KnownOutline? { place < pages.count ? pages[place].known : nil }

  func row(_ place: Int) -> RowPlan? { place < pages.count ? pages[place].row : nil }

  func refusal(_ place: Int) -> Refusal? { place < pages.count ? pages[place].refusal : nil }

  func plan(_ place: Int) -> ReportPlan? { place < pages.count ? pages[place].plan : nil }

  /// Nothing more is worth drawing up where plans never held.
  func takesPlan(_ place: Int) -> Bool { place < pages.count && pages[place].plans < Self.mostPlans }

  mutating func setPlan(_ plan: ReportPlan, at place: Int) {
    guard place < pages.count, takesPlan(place) else { return }
    pages[place].plan = plan
    pages[place].plans &+= 1
  }

  func isWithoutPreset(_ place: Int, in section: Int) -> Bool {
    place < pages.count && pages[place].sectionWithoutPreset == section &+ 1
  }

  mutating func setWithoutPreset(_ place: Int, in section: Int) {
    if place < pages.count { pages[place].sectionWithoutPreset = section &+ 1 }
  }

  /// Keeps what a line of this outline is made of, if it holds for others.
  mutating func learn(
    _ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ reading: LineReading, _ places: [Int], start: Int
  ) {
    guard Self.holds(reading, outline.runs) else { return }
    add(Page(known: KnownOutline(outline, line, reading, places, start: start)), outline)
  }

  /// The same of a table's row.
  mutating func learn(_ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ row: RowPlan, start: Int) {
    add(Page(known: KnownOutline(outline, line, LineReading(), [], start: start), row: row), outline)
  }

  /// The same of lines that say nothing.
  mutating func learn(_ outline: LineOutline, _ line: UnsafeRawBufferPointer, _ refusal: Refusal, start: Int) {
    add(Page(known: KnownOutline(outline, line, LineReading(), [], start: start), refusal: refusal), outline)
  }

  /// A line of this outline was seen before, and what it is made of is worth keeping.
  // bounded: the table is made before it is asked
  mutating func wasSeen(_ outline: LineOutline) -> Bool {
    if seen.isEmpty { seen = [UInt64](repeating: 0, count: Self.memory) }
    let mark = Int(truncatingIfNeeded: outline.hash >> 16) & (Self.memory &- 1)
    defer { seen[mark] = outline.hash }
    return seen[mark] == outline.hash
  }

  // bounded: the pages are made before they are asked
  private mutating func add(_ page: Page, _ outline: LineOutline) {
    if pages.isEmpty { pages = [Page](repeating: Page(), count: Self.size) }
    let place = Int(truncatingIfNeeded: outline.hash) & (Self.size &- 1)
    pages[place] = page
    note(place)
  }

  /// Names have none of the digits that change.
  private static func holds(_ reading: LineReading, _ runs: [LineOutline.Run]) -> Bool {
    reading.fields.allSatisfy { field in
      runs.allSatisfy { run in
        !overlaps(field.label, run) && !overlaps(field.heading, run) && !overlaps(field.unit, run)
      }
    }
  }

  private static func overlaps(_ range: Range<Int>, _ run: LineOutline.Run) -> Bool {
    run.start < range.upperBound && range.lowerBound < run.end
  }
}
