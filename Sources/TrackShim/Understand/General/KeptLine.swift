/// A line that may be wanted when the next one has come. Copying is all that keeping one costs.
struct KeptLine {
  private var bytes: [UInt8] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func clear() { count = 0 }

  mutating func keep(_ line: UnsafeRawBufferPointer) {
    if bytes.count < line.count { bytes = [UInt8](repeating: 0, count: max(256, line.count)) }
    count = line.count
    bytes.withUnsafeMutableBytes { $0.copyMemory(from: line) }
  }

  func read<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { body($0.part(0, count)) }
  }
}
