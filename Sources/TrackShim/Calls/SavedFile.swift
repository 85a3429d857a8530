import CTrackShim

/// trackshim_save: a file that is to go with the run.
struct SavedFile: Equatable {
  /// Absolute, as the program's file system has it.
  let path: [UInt8]
  /// As W&B is to know it, with `/` between folders.
  let name: String
  /// It is to become a version of the run's model.
  var isModel = false

  private static let slash = UInt8(ascii: "/")

  static func put(_ path: UnsafePointer<CChar>?) -> CallStatus {
    guard let path = CallText.path(path) else { return .invalid }
    // A name that cannot be used is one from wherever it is. The whole question costs microseconds.
    guard isPlain(path) || SavedFile(Array(path), from: [Self.slash]) != nil else { return .invalid }
    guard tsi_tap_can_record() else { return .inactive }
    guard path.first != Self.slash else { return CallStatus(sent: Call.save(path, from: CallText.none)) }
    return CallText.withWorkingDirectory { directory in
      directory.isEmpty ? .invalid : CallStatus(sent: Call.save(path, from: directory))
    }
  }

  /// From the ring, which may hold anything.
  init?(_ record: inout CallUnpacker) {
    guard let path = record.text(), let directory = record.text() else { return nil }
    self.init(path, from: directory)
  }

  /// As W&B's client names files: a path below the directory that the program is in stays as it is, of any other the
  /// last folder and the file's own name are kept. nil: it names no file.
  init?(_ path: [UInt8], from directory: [UInt8]) {
    guard !path.contains(0), !directory.contains(0), !Self.isFolder(path) else { return nil }
    let own = Self.steps(path, from: [])
    let isBelow = path.first != Self.slash && own.isBelow
    let all = path.first == Self.slash ? own.names : Self.steps(path, from: Self.steps(directory, from: []).names).names
    let kept = isBelow ? own.names : Array(all.suffix(2))
    guard !kept.isEmpty, directory.first == Self.slash || path.first == Self.slash else { return nil }
    // Where a link leads back from is the file system's to say.
    self.path = path.first == Self.slash ? path : directory + [Self.slash] + path
    name = kept.map { ConfigValue.validUTF8(Array($0)).asText }.joined(separator: "/")
    guard self.path.count <= Self.longestPath, Self.isUsable(name) else { return nil }
  }

  /// Throws what is wrong with the file itself.
  func check() throws(SystemError) {
    let target = path + [0]
    var modified: UInt64 = 0
    try checked(
      target.withUnsafeBytes { tsi_file_state($0.baseAddress?.assumingMemoryBound(to: CChar.self), &modified) })
  }

  static let longestPath = 4095
  private static let longestStep = 240

  /// Nearly every path is one of which a look at its bytes shows, without memory, that it names a file wherever it is.
  static func isPlain(_ path: Call.Text) -> Bool {
    guard path.count <= longestStep, path.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return false }
    var rest = path[...]
    repeat {
      let step = rest.prefix { $0 != slash }
      // `.` and `..`, and what may be one of W&B's own names.
      if step.first == UInt8(ascii: "."), step.count <= 2 { return false }
      if step.starts(with: "wandb-".utf8) || step.elementsEqual("config.yaml".utf8) { return false }
      if step.elementsEqual("output.log".utf8) { return false }
      rest = rest.dropFirst(step.count &+ 1)
    } while !rest.isEmpty
    return true
  }

  /// Whatever is there, such a path names no file.
  private static func isFolder(_ path: [UInt8]) -> Bool {
    let last = path.split(separator: slash, omittingEmptySubsequences: false).last ?? []
    return last.isEmpty || last.elementsEqual(".".utf8) || last.elementsEqual("..".utf8)
  }

  /// `..` goes back by what the path says, not by where links lead. `isBelow`: never above where it began.
  private static func steps(_ path: [UInt8], from start: [ArraySlice<UInt8>]) -> (
    names: [ArraySlice<UInt8>], isBelow: Bool
  ) {
    var names = start
    var isBelow = true
    for step in path.split(separator: slash) where !step.elementsEqual([UInt8(ascii: ".")]) {
      if !step.elementsEqual("..".utf8) {
        names.append(step)
      } else if names.popLast() == nil {
        isBelow = false
      }
    }
    return (names, isBelow && !names.isEmpty)
  }

  /// Names come from journals, too, and become a path.
  static func isUsable(_ name: String) -> Bool {
    let steps = name.split(separator: "/", omittingEmptySubsequences: false)
    return steps.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= longestStep }
      && !isReserved(name)
      && name.utf8.count <= 1024 && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// What W&B keeps of a run under these names is made by us; nor can one of them be a folder.
  static func isReserved(_ name: String) -> Bool {
    let first = name.split(separator: "/").first.map(String.init) ?? ""
    return RunFile.own.contains(first) || first.hasPrefix("wandb-")
  }
}
