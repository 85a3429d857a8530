import Testing

@testable import TrackShim

/// What `make fuzz` has found, and the inputs it begins with, run through the same functions for ever.
@Suite(.serialized) final class FuzzReplayTests {
  /// Tests/fuzz, seen from this file.
  private static let folder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return parts.joined(separator: "/") + "/Tests/fuzz"
  }()

  private static func files(of kind: String, _ target: FuzzTarget) -> [String] {
    let folder = "\(Self.folder)/\(kind)/\(target.name)"
    return Files.list(folder).sorted().map { folder.path(adding: $0) }
  }

  deinit { FuzzFolder.remove() }

  @Test func whatWasFoundStaysFixed() throws {
    for target in FuzzTarget.all {
      for path in Self.files(of: "crashes", target) {
        let bytes = try Files.read(path, limit: 1 << 20)
        #expect(throws: Never.self, "\(target.name): \(path.lastPathComponent)") { try target.run(bytes) }
      }
    }
  }

  @Test func everyTargetTakesItsCorpus() throws {
    for target in FuzzTarget.all {
      let files = Self.files(of: "corpus", target)
      #expect(!files.isEmpty, "\(target.name) has no corpus")
      for path in files {
        let bytes = try Files.read(path, limit: 1 << 20)
        #expect(throws: Never.self, "\(target.name): \(path.lastPathComponent)") { try target.run(bytes) }
      }
      #expect(throws: Never.self) { try target.run([]) }
    }
  }
}
