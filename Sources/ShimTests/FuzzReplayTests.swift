import Testing

@testable import TrackShim

/// What `make fuzz` has found, and the inputs it begins with, run through the same functions for ever.
@Suite struct FuzzReplayTests {
  /// Tests/fuzz, seen from this file.
  private static let folder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return parts.joined(separator: "/") + "/Tests/fuzz"
  }()

  private static func files(of kind: String, _ target: FuzzTarget) -> [String] {
    let folder = "\(Self.folder)/\(kind)/\(target.name)"
    return Files.list(folder).sorted().map { folder.path(adding: $0) }
  }

  /// What was found stays fixed, and each target takes what fuzzing begins with.
  @Test func everyFileRunsThroughItsTarget() throws {
    defer { FuzzFolder.remove() }
    for target in FuzzTarget.all {
      let corpus = Self.files(of: "corpus", target)
      #expect(!corpus.isEmpty, "\(target.name) has no corpus")
      for path in Self.files(of: "crashes", target) + corpus {
        let bytes = try Files.read(path, limit: 1 << 20)
        #expect(throws: Never.self, "\(target.name): \(path.lastPathComponent)") { try target.run(bytes) }
      }
      #expect(throws: Never.self) { try target.run([]) }
    }
  }
}
