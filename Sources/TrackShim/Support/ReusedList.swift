/// A list that is filled and emptied again and again, for every line: to empty an array and keep its memory costs about
/// a hundred instructions.
package struct ReusedList<Element: BitwiseCopyable>: RandomAccessCollection {
  /// Those behind `count` are left over.
  private var elements: [Element] = []
  package private(set) var count = 0

  package init() {}

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  // bounded: as an array's, by what it has ever held
  package subscript(index: Int) -> Element { elements[index] }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count < elements.count { elements[count] = element } else { elements.append(element) }
    count &+= 1
  }

  /// As many of `blank`, of which `fill` makes others: an array is asked once then whether it is its owner's alone.
  @inline(__always)
  mutating func append(_ more: Int, of blank: Element, _ fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let first = count, end = count &+ Swift.max(more, 0)
    if end > elements.count { elements.append(contentsOf: repeatElement(blank, count: end &- elements.count)) }
    elements.withUnsafeMutableBufferPointer { elements in
      guard first <= end, end <= elements.count else { return }
      fill(UnsafeMutableBufferPointer(rebasing: elements[first..<end]))
    }
    count = end
  }

  @inline(__always)
  func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
    elements.withUnsafeBufferPointer { elements in
      body(UnsafeBufferPointer(rebasing: elements.prefix(count)))
    }
  }

  mutating func removeAll() { count = 0 }
}
