import Glibc

/// Lines of ours on stderr, all of which begin alike.
enum Say {
  static func note(_ text: String) {
    Output.write("trackshim: \(text)\n", to: 2)
  }
}

enum Output {
  /// All of it, or as much as somebody takes. By system call: nothing of ours is left in a buffer when
  /// another program takes the process over.
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes
    while rest.count > 0 {
      let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}

extension String {
  /// For a terminal: what could move the cursor, begin an escape sequence or make other text look like ours becomes
  /// `?`.
  var printable: String {
    var shown = ""
    for scalar in unicodeScalars {
      shown.unicodeScalars.append(scalar.isHarmless ? scalar : "?")
    }
    return shown
  }

  func path(adding name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }

  var lastPathComponent: String {
    split(separator: "/").last.map(String.init) ?? self
  }
}
