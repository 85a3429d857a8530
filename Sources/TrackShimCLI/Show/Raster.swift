/// A grid of dots, (0, 0) at the bottom left.
struct Raster {
  let width: Int
  let height: Int
  private var dots: [Bool]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    dots = Array(repeating: false, count: width * height)
  }

  subscript(x: Int, y: Int) -> Bool {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return false }
    return dots[y * width + x]
  }

  mutating func set(_ x: Int, _ y: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    dots[y * width + x] = true
  }

  /// Bresenham's.
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    let across = abs(end.x - start.x), up = -abs(end.y - start.y)
    var (x, y) = start
    var error = across + up
    while true {
      set(x, y)
      if (x, y) == end { return }
      let doubled = 2 * error
      if doubled >= up {
        error += up
        x += start.x < end.x ? 1 : -1
      }
      if doubled <= across {
        error += across
        y += start.y < end.y ? 1 : -1
      }
    }
  }
}
