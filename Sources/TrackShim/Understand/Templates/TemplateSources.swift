/// The templates that somebody has set: those of `TRACKSHIM_FORMAT`, then those in the file that `TRACKSHIM_FORMATS`
/// names.
package enum TemplateSources {
  /// Room for every template at its longest. What a longer file has beyond is not read, and a complaint says so.
  static let fileLimit = TemplateSet.limit &* Template.lengthLimit

  /// In a run's folder, beside its journal.
  static let keptName = "formats"

  /// Those that a run was recorded with.
  static func kept(beside journal: String) -> TemplateSet {
    guard let folder = journal.parentFolder,
      let text = try? Files.read(folder.path(adding: keptName), limit: 2 &* fileLimit), !text.isEmpty
    else { return TemplateSet() }
    return TemplateSet(text, origin: keptName)
  }

  package static func read(
    from source: SettingsSource,
    file: (String) throws(SystemError) -> [UInt8] = { path throws(SystemError) in
      try Files.read(path, limit: fileLimit &+ 1)
    }
  ) -> TemplateSet {
    var set = TemplateSet()
    if let text = source.variable("TRACKSHIM_FORMAT"), !text.isEmpty {
      set.add(Array(text.utf8), origin: "TRACKSHIM_FORMAT")
    }
    guard let path = source.variable("TRACKSHIM_FORMATS"), !path.isEmpty else { return set }
    do throws(SystemError) {
      add(try file(source.absolute(path)), path, to: &set)
    } catch {
      set.complain("TRACKSHIM_FORMATS: \(path.printablePath) cannot be read: \(error.text)")
    }
    return set
  }

  private static func add(_ bytes: [UInt8], _ path: String, to set: inout TemplateSet) {
    let origin = path.printablePath
    guard bytes.count > fileLimit else { return set.add(bytes, origin: origin) }
    set.complain("TRACKSHIM_FORMATS: \(origin) is longer than \(fileLimit) bytes; the rest of it is not used")
    set.add(Array(bytes.prefix(upTo: bytes.lastIndex(of: 0x0A) ?? 0)), origin: origin)
  }
}
