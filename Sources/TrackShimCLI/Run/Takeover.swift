import Glibc

/// Makes this process the command. Exit statuses of failures are those of `env`, `timeout` and `nohup`.
enum Takeover {
  static let ownFailure: Int32 = 125
  static let cannotRun: Int32 = 126
  static let notFound: Int32 = 127

  /// Returns only if it fails: the exit status.
  static func become(_ command: [String]) -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    words.append(nil)
    guard let program = words[0] else { return ownFailure }
    execvp(program, words)
    let error = errno
    for word in words { free(word) }
    Say.note("\(command[0].printable) cannot be run: \(reason(error, command[0]))")
    return error == ENOENT ? notFound : cannotRun
  }

  private static func reason(_ error: Int32, _ word: String) -> String {
    if error == ENOENT {
      if !word.contains("/") { return "there is no such program in $PATH" }
      if let interpreter = Program.interpreter(FileAccess.bytes(word, at: 0, count: 256)) {
        return "its interpreter \(interpreter.printable) is not there"
      }
      return FileAccess.attributes(word) == nil ? "there is no such file" : "its loader is not there"
    }
    return String(cString: strerror(error)).lowercased()
  }
}
