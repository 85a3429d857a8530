/// The last JSON text of each metric, by its number, all in one piece of memory. Nearly every value is as long as the one
/// before it and takes its place.
struct LastValues {
  private struct Place {
    var start = 0
    var room = 0
    var count = 0
  }

  private var places: [Place] = []
  private var bytes: [UInt8] = []

  /// Empty when there is none.
  func value(_ name: Int) -> [UInt8] {
    guard name >= 0, name < places.count else { return [] }
    let place = places[name]
    return bytes.withUnsafeBytes { Array($0.part(place.start, place.start &+ place.count)) }
  }

  mutating func set(_ name: Int, _ value: UnsafeRawBufferPointer) {
    guard name >= 0 else { return }
    while places.count <= name { places.append(Place()) }
    if places[name].room < value.count { move(name, toRoomFor: value.count) }
    places[name].count = value.count
    let start = places[name].start
    bytes.withUnsafeMutableBytes { bytes in
      guard start <= bytes.count &- value.count else { return }
      UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start &+ value.count)]).copyMemory(from: value)
    }
  }

  /// To the end, with room for twice as much: what is left behind is never more than what is used.
  // bounded: its caller has made the place
  private mutating func move(_ name: Int, toRoomFor count: Int) {
    let room = max(16, count &* 2)
    places[name].start = bytes.count
    places[name].room = room
    bytes.append(contentsOf: repeatElement(0, count: room))
  }
}
