import Glibc

@testable import TrackShim

/// Git itself, without the settings of whoever runs the tests.
enum GitShell {
  static let git = "git -c user.name=n -c user.email=e -c init.defaultBranch=main"
  static let isThere = run("git --version", in: "/").hasPrefix("git version")

  /// The last line of what it prints.
  static func run(_ command: String, in folder: String) -> String {
    let quiet = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null"
    guard let pipe = popen("exec 2>&1; cd '\(folder)' && export \(quiet) && \(command)", "r") else { return "no shell" }
    var bytes: [UInt8] = []
    while case let byte = getc(pipe), byte >= 0 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    _ = pclose(pipe)
    return bytes.asText.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
  }
}
