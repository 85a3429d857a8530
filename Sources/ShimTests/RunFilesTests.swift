import CTrackShim
import Testing

@testable import TrackShim

/// Files that are reached on no link, and made anew.
@Suite struct RunFilesTests {
  private let text = Array("text".utf8)

  private func withFolder(_ body: (TemporaryFolder) throws -> Void) rethrows {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    for name in ["run", "run/files", "other", "other/files"] { _ = tsi_mkdir(folder(name), 0o777) }
    try body(folder)
  }

  @Test func replacesWholeFiles() {
    withFolder { folder in
      for size in [10, 0, 100_000] {
        #expect(Files.write([UInt8](repeating: 7, count: size), to: folder("run/files/a"), own: 2))
        #expect(folder.read("run/files/a").count == size && Files.list(folder("run/files")) == ["a"])
      }
    }
  }

  @Test(arguments: ["run/files/a", "run/b", "c"])
  func replacesALinkAndNotWhatItLeadsTo(_ name: String) {
    withFolder { folder in
      folder.write("precious", [1])
      _ = tsi_symlink(folder("precious"), folder(name))
      #expect(Files.write(text, to: folder(name), own: Int32(name.split(separator: "/").count - 1)))
      #expect(folder.read("precious") == [1] && folder.read(name) == text && Files.linkTarget(folder(name)) == "")
    }
  }

  @Test func entersNoLinkedFolder() {
    withFolder { folder in
      _ = tsi_symlink("other", folder("linked"))
      #expect(!Files.write(text, to: folder("linked/files/a"), own: 2))
      #expect(tsi_open_in_run(folder("linked/files/a"), 2, OpenFlags.readWrite | OpenFlags.make, 0o666) < 0)
      #expect(tsi_make_in_run(folder("linked/files/a"), 2, 0o666) < 0)
      #expect(Files.list(folder("other/files")) == [])
      // The folders around the run's are the user's affair.
      #expect(Files.write(text, to: folder("linked/files/a"), own: 1) && Files.list(folder("other/files")) == ["a"])
    }
  }

  @Test(arguments: ["", "/", "a/b", "///", "/nowhere/a", "a/", "./.."])
  func strangePathsAreErrors(_ path: String) {
    for own in 0..<4 as Range<Int32> {
      let file = tsi_open_in_run(path, own, OpenFlags.readOnly, 0)
      if file >= 0 { _ = tsi_close(file) }
      #expect(!Files.write(text, to: path + "/", own: own))
    }
    #expect(!Files.write(text, to: "/tmp/" + String(repeating: "x", count: 300)))
    #expect(!Files.write(text, to: String(repeating: "/x", count: 5_000), own: 2))
  }

  @Test func devicesStay() {
    #expect(tsi_make_in_run("/dev/full", 0, 0o666) < 0 && !Files.write(text, to: "/dev/full"))
    #expect(Files.exists("/dev/full"))
  }

  @Test func aFolderIsPrivateOrNot() {
    withFolder { folder in
      #expect(tsi_is_private_folder(folder.path) && !tsi_is_private_folder(folder("nowhere")))
      _ = tsi_symlink("run", folder("link"))
      #expect(!tsi_is_private_folder(folder("link")) && !tsi_is_private_folder("/tmp"))
      #expect(!tsi_is_foreign(folder.path) && !tsi_is_foreign(folder("nowhere")))
    }
  }
}
