/// Makes of an index's entries the trees that a commit of them would have, and keeps of those the names only.
struct GitTreeBuilder {
  private struct Folder {
    let name: ArraySlice<UInt8>
    var content: [UInt8] = []
  }

  /// From the root to the folder of the last entry.
  private var folders = [Folder(name: [])]
  /// Of the last entry, with the slash behind each name.
  private var place: ArraySlice<UInt8> = []

  /// Deeper ones are left alone.
  private static let deepest = 256

  /// The root's name, if the entries come in order.
  static func root(of index: GitIndex) -> [UInt8]? {
    var builder = GitTreeBuilder()
    var reader = index.entries
    while let entry = reader.next() {
      if entry.isIntended { continue }
      guard builder.add(reader.path, entry.mode, index.id(of: entry)) else { return nil }
    }
    return builder.finish()
  }

  private mutating func add(_ path: [UInt8], _ mode: UInt32, _ id: ArraySlice<UInt8>) -> Bool {
    let nameAt = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) &+ 1
    let new = path.prefix(nameAt)
    if new != place { guard enter(new) else { return false } }
    append(mode, path.dropFirst(nameAt), id)
    return true
  }

  private mutating func enter(_ new: ArraySlice<UInt8>) -> Bool {
    let names = new.split(separator: UInt8(ascii: "/"))
    guard names.count <= Self.deepest else { return false }
    var common = 0
    for (name, folder) in zip(names, folders.dropFirst()) {
      guard name == folder.name else { break }
      common &+= 1
    }
    while folders.count > common &+ 1 { closeLast() }
    for name in names.dropFirst(common) { folders.append(Folder(name: name)) }
    place = new
    return true
  }

  private mutating func closeLast() {
    guard let folder = folders.popLast() else { return }
    append(0o40000, folder.name, GitObject.id(of: folder.content, "tree")[...])
  }

  @inline(never)
  private mutating func append(_ mode: UInt32, _ name: ArraySlice<UInt8>, _ id: ArraySlice<UInt8>) {
    guard let last = folders.indices.last else { return }
    var content = Array(String(mode, radix: 8).utf8)
    content.append(UInt8(ascii: " "))
    content.append(contentsOf: name)
    content.append(0)
    content.append(contentsOf: id)
    folders[last].content.append(contentsOf: content)
  }

  private mutating func finish() -> [UInt8] {
    while folders.count > 1 { closeLast() }
    return GitObject.id(of: folders.first?.content ?? [], "tree")
  }
}
