import CTrackShim

enum GitVerdict {
  case unchanged
  case changed
  case unknown
}

/// Compares the files of a work tree with what the index says of them. Nothing is changed and nothing written: git itself
/// would note in the index which files it has looked at.
final class GitWorkTree {
  private let root: Int32
  private let rootPath: String
  private let index: GitIndex
  private let settings: GitSettings
  private let attributes: GitAttributes
  /// When the index was written: a file may have been changed since without a change of its time.
  private let written: tsi_about
  /// The last folder that was seen to be one, with a slash behind it.
  private var folder: [UInt8] = []
  /// The path that is looked at, and a NUL.
  private var name: [UInt8] = []

  private static let kind: UInt32 = 0o170000
  private static let missing: [Int32] = [SystemError.missing.number, 20]
  /// Times of files are those of the kernel's last tick, at the most 10 ms ago.
  private static let tick: Int64 = 20_000_000

  /// `close` is the caller's to call.
  init?(_ root: String, _ index: GitIndex, written: tsi_about, _ settings: GitSettings) {
    self.root = tsi_open(root, OpenFlags.folder, 0)
    guard self.root >= 0 else { return nil }
    rootPath = root
    self.index = index
    self.written = written
    self.settings = settings
    attributes = GitAttributes(root: root, files: settings.attributeFiles)
  }

  func close() { _ = tsi_close(root) }

  /// Ends at the first file that has certainly changed.
  func verdict(_ budget: inout GitBudget) -> GitVerdict {
    var verdict = GitVerdict.unchanged
    var reader = index.entries
    while let entry = reader.next() {
      if budget.isLate { return .unknown }
      if entry.isAssumedUnchanged { continue }
      switch compare(entry, reader.path, &budget) {
      case .unchanged: continue
      case .changed: return .changed
      case .unknown: verdict = .unknown
      }
    }
    return verdict
  }

  // MARK: One file

  private func compare(_ entry: GitIndexEntry, _ path: [UInt8], _ budget: inout GitBudget) -> GitVerdict {
    var about = tsi_about()
    name.removeAll(keepingCapacity: true)
    name.append(contentsOf: path)
    name.append(0)
    var failed = enterFolder(of: path)
    if failed == 0 { failed = lookAt(&about) }
    if entry.isSkipped {
      // From 2.36 on git forgets that it is to be skipped if it is there, in a sparse checkout.
      if failed == 0, settings.isSparse {
        return compare(entry, path, about, &budget) == .unchanged ? .unchanged : .unknown
      }
      if failed != 0, path.suffix(14).elementsEqual(".gitattributes".utf8) { attributes.isMissing = true }
      return .unchanged
    }
    // Git counts an announced file as new, and one that is gone not at all.
    if entry.isIntended { return failed == 0 ? .changed : .unknown }
    guard failed == 0 else { return Self.missing.contains(failed) ? .changed : .unknown }
    return compare(entry, path, about, &budget)
  }

  private func compare(
    _ entry: GitIndexEntry, _ path: [UInt8], _ about: tsi_about, _ budget: inout GitBudget
  ) -> GitVerdict {
    switch (entry.mode, about.mode & Self.kind) {
    case (GitIndexEntry.repository, 0o040000): return inner(entry, path, &budget)
    case (GitIndexEntry.link, 0o120000):
      return isAsItWas(entry, about) ? .unchanged : link(entry, about, &budget)
    case (GitIndexEntry.file, 0o100000), (GitIndexEntry.executable, 0o100000):
      let isExecutable = about.mode & 0o100 != 0
      if settings.hasExecutableBits, isExecutable != (entry.mode == GitIndexEntry.executable) { return .changed }
      return isAsItWas(entry, about) ? .unchanged : file(entry, path, about, &budget)
    default: return .changed
    }
  }

  private func lookAt(_ about: inout tsi_about) -> Int32 {
    name.withUnsafeBytes { bytes in
      guard let path = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return SystemError.invalid.number }
      return 0 &- tsi_about_at(root, path, &about)
    }
  }

  /// 0 if each folder of the path is one and no link, which `lstat` would follow: what is behind that is another file.
  private func enterFolder(of path: [UInt8]) -> Int32 {
    while !path.starts(with: folder) {
      folder.removeLast()
      folder.removeLast(folder.count &- folder.gitFolderEnd)
    }
    while let end = path.gitFolderEnd(after: folder.count), end < name.count {
      var about = tsi_about()
      name[end &- 1] = 0
      let failed = lookAt(&about)
      name[end &- 1] = UInt8(ascii: "/")
      guard failed == 0 else { return failed }
      guard about.mode & Self.kind == 0o040000 else { return SystemError.missing.number }
      folder = Array(path.prefix(end))
    }
    return 0
  }

  // MARK: What it was when git last looked

  private func isAsItWas(_ entry: GitIndexEntry, _ about: tsi_about) -> Bool {
    entry.modified == UInt32(truncatingIfNeeded: about.modified) && entry.modifiedNanoseconds == about.modified_ns
      && entry.changed == UInt32(truncatingIfNeeded: about.changed) && entry.changedNanoseconds == about.changed_ns
      && entry.size == UInt32(truncatingIfNeeded: about.size) && entry.inode == UInt32(truncatingIfNeeded: about.inode)
      && entry.user == about.user && entry.group == about.group && isOlderThanIndex(entry)
  }

  /// Git calls the others racily clean. Where times are whole seconds, so is the difference.
  private func isOlderThanIndex(_ entry: GitIndexEntry) -> Bool {
    let seconds = Int64(clamping: entry.modified)
    guard entry.modifiedNanoseconds != 0, written.modified_ns != 0 else { return seconds < written.modified }
    let since = (written.modified &- seconds) &* 1_000_000_000
    return since &+ Int64(clamping: written.modified_ns) &- Int64(clamping: entry.modifiedNanoseconds) > Self.tick
  }

  // MARK: What it is

  private func file(
    _ entry: GitIndexEntry, _ path: [UInt8], _ about: tsi_about, _ budget: inout GitBudget
  ) -> GitVerdict {
    let effect = attributes.effect(on: path)
    guard effect != .anything else { return .unknown }
    let file = name.withUnsafeBytes { bytes in
      bytes.baseAddress.map { tsi_open_at(root, $0.assumingMemoryBound(to: CChar.self), OpenFlags.readOnlyNoLink, 0) }
        ?? -1
    }
    guard file >= 0 else { return .unknown }
    defer { _ = tsi_close(file) }
    // Git does not look into a file of another size; here it may be that its line ends are all that differs.
    let hasOtherSize = entry.size != 0 && entry.size != UInt32(truncatingIfNeeded: about.size)
    if hasOtherSize, effect == .none, !budget.has(bytes: about.size) { return .changed }
    guard tsi_is_regular(file), let contents = GitContents.read(file, size: about.size, &budget) else {
      return .unknown
    }
    if index.id(of: entry).elementsEqual(contents.id) {
      // What is in the commit with CR LF could be text that git would now write without.
      return contents.idOfText != nil && effect == .lineEnds ? .unknown : .unchanged
    }
    return contents.idOfText.map { index.id(of: entry).elementsEqual($0) } ?? false ? .unknown : .changed
  }

  private func link(
    _ entry: GitIndexEntry, _ about: tsi_about, _ budget: inout GitBudget
  ) -> GitVerdict {
    let limit = 4096
    let target = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let into = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
      let size = name.withUnsafeBytes { bytes in
        bytes.baseAddress.map { tsi_readlink_at(root, $0.assumingMemoryBound(to: CChar.self), into, limit) } ?? -1
      }
      count = max(0, min(limit, Int(clamping: size)))
    }
    guard !target.isEmpty, target.count < limit else { return .unknown }
    return index.id(of: entry).elementsEqual(GitObject.id(of: target, "blob")) ? .unchanged : .changed
  }

  /// A repository in the repository: the commit that is checked out there counts, and what has changed since.
  private func inner(_ entry: GitIndexEntry, _ path: [UInt8], _ budget: inout GitBudget) -> GitVerdict {
    let folder = rootPath.path(adding: path.asText)
    // One that is not checked out is an empty folder.
    guard Files.exists(folder.path(adding: ".git")) else { return .unchanged }
    guard !settings.ignoresInner, let repository = GitFacts.repository(in: folder),
      let commit = GitObject.id(digits: Array(GitFacts.commit(in: repository).utf8))
    else { return .unknown }
    guard index.id(of: entry).elementsEqual(commit) else { return .changed }
    switch GitDirty.isDirty(repository, &budget) {
    case .some(let isDirty): return isDirty ? .changed : .unchanged
    case .none: return .unknown
    }
  }
}
