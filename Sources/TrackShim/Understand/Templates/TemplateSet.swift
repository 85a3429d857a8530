/// Templates and exclusion blocks, in the order in which they were written.
package struct TemplateSet: Equatable {
  /// Lines with templates, exclusion blocks included.
  package static let limit = 256
  /// What is wrong beyond that is only counted.
  private static let complaintLimit = 16

  package private(set) var templates: [Template] = []
  private(set) var blocks: [ExclusionBlock] = []
  /// False after `general off`: what no template matches is read in no other way than the presets'.
  private(set) var usesGeneralReader = true
  private(set) var usesPresets = true
  package private(set) var complaints: [String] = []
  /// All that was read, to be read again.
  private(set) var source: [UInt8] = []

  private var count = 0
  /// Headings so far.
  private var sections = 0
  private var complaintsLeftOut = 0

  var isEmpty: Bool { templates.isEmpty && blocks.isEmpty }

  package init() {}

  /// `origin` is what the text is called where something is wrong with it.
  package init(_ text: [UInt8], origin: String) { add(text, origin: origin) }

  mutating func add(_ text: [UInt8], origin: String) {
    source += text
    source.append(0x0A)
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    var reader = Reader(origin: origin, isOneLine: lines.count == 1)
    for (index, line) in lines.enumerated() { take(line, number: index &+ 1, &reader) }
    if let open = reader.open { complain(open.place + "from without to; write the line that ends the block below it") }
    finishComplaints()
  }

  mutating func complain(_ text: String) {
    guard complaints.count < Self.complaintLimit else {
      complaintsLeftOut &+= 1
      return
    }
    complaints.append(text)
  }

  private mutating func finishComplaints() {
    guard complaintsLeftOut > 0 else { return }
    complaints.append("\(complaintsLeftOut) further templates cannot be used")
    complaintsLeftOut = 0
  }

  // MARK: Lines

  /// What a text's lines know of each other.
  private struct Reader {
    let origin: String
    let isOneLine: Bool
    /// A `from` that waits for its `to`; without a template where it cannot be used.
    var open: (template: Template?, place: String)?
    var isFull = false

    func place(_ number: Int, column: Int? = nil) -> String {
      let line = isOneLine ? "" : " line \(number)" + (column == nil ? ":" : ",")
      return "\(origin):\(line)" + (column.map { " column \($0):" } ?? "") + " "
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>, number: Int, _ reader: inout Reader) {
    do throws(TemplateProblem) {
      let parsed = try TemplateParser.parse(line, number: number)
      if case .nothing = parsed { return }
      if case .general(let isOn) = parsed { return usesGeneralReader = isOn }
      if case .presets(let isOn) = parsed { return usesPresets = isOn }
      guard hasRoom(number, &reader) else { return }
      try keep(parsed, number, &reader)
    } catch {
      complain(reader.place(number, column: error.column(in: line)) + error.text)
      let options = try? TemplateOptions(TemplateOptions.split(line).words)
      let use = options?.use
      // What stands below it is not below the one before.
      if options?.isHeading == true { sections &+= 1 }
      if use == .from, reader.open == nil { reader.open = (nil, reader.place(number)) }
      if use == .to { reader.open = nil }
    }
  }

  private mutating func hasRoom(_ number: Int, _ reader: inout Reader) -> Bool {
    count &+= 1
    guard count > Self.limit else { return true }
    if !reader.isFull {
      complain(reader.place(number) + "more than \(Self.limit) templates; this one and those after it are not used")
    }
    reader.isFull = true
    return false
  }

  private mutating func keep(
    _ line: TemplateParser.Line, _ number: Int, _ reader: inout Reader
  ) throws(TemplateProblem) {
    if case .to(let template) = line {
      guard let open = reader.open else {
        throw TemplateProblem(at: 0, "to without from; write the line that begins the block above it")
      }
      if let from = open.template { blocks.append(ExclusionBlock(from: from, to: template)) }
      reader.open = nil
      return
    }
    if reader.open != nil {
      throw TemplateProblem(at: 0, "between from and to stands no other template; write it above or below them")
    }
    if case .from(let template) = line { reader.open = (template, reader.place(number)) }
    if case .template(let template) = line { templates.append(try placed(template)) }
  }

  private mutating func placed(_ template: Template) throws(TemplateProblem) -> Template {
    var template = template
    if template.section != nil {
      guard sections > 0 else {
        throw TemplateProblem(at: 0, "below without heading; write the line that stands above as `heading ::`")
      }
      template.section = sections
    }
    if template.opens != nil {
      sections &+= 1
      template.opens = sections
    }
    return template
  }
}
