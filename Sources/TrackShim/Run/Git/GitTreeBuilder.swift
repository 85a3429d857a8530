/// Makes of an index's entries the trees that a commit of them would have, and keeps of those the names only.
final class GitTreeBuilder {
  /// What the open folders hold so far, from the root to that of the last entry.
  private var contents: [[UInt8]] = [[]]
  /// Of the last entry, with the slash behind each name.
  private var folder: [UInt8] = []

  /// Deeper ones are left alone.
  private static let deepest = 256

  /// The root's name.
  static func root(of index: GitIndex) -> [UInt8]? {
    let builder = GitTreeBuilder()
    var reader = index.entries
    while let entry = reader.next() {
      // One that is announced is in no tree.
      guard entry.isIntended || builder.add(reader.path, entry.mode, index.id(of: entry)) else { return nil }
    }
    while !builder.folder.isEmpty { builder.closeLast() }
    return GitObject.id(of: builder.contents.last ?? [], "tree")
  }

  private func add(_ path: [UInt8], _ mode: UInt32, _ id: ArraySlice<UInt8>) -> Bool {
    while !path.starts(with: folder) { closeLast() }
    while let end = path.gitFolderEnd(after: folder.count) {
      guard contents.count < Self.deepest else { return false }
      folder = Array(path.prefix(end))
      contents.append([])
    }
    append(mode, path.dropFirst(folder.count), id)
    return true
  }

  @inline(never)
  private func closeLast() {
    let id = GitObject.id(of: contents.popLast() ?? [], "tree")
    folder.removeLast()
    let nameAt = folder.gitFolderEnd
    let name = folder.dropFirst(nameAt)
    folder.removeLast(folder.count &- nameAt)
    append(0o40000, name, id[...])
  }

  @inline(never)
  private func append(_ mode: UInt32, _ name: ArraySlice<UInt8>, _ id: ArraySlice<UInt8>) {
    var content = contents.popLast() ?? []
    content.append(contentsOf: String(mode, radix: 8).utf8)
    content.append(UInt8(ascii: " "))
    content.append(contentsOf: name)
    content.append(0)
    content.append(contentsOf: id)
    contents.append(content)
  }
}
