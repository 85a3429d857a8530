/// Saved files that took the place of another of their name in the run, as `/a/x/m` and `/b/x/m` do: W&B's client lets
/// them, in silence. The first is said at once, how many came after it at the end.
struct ReplacedFiles {
  private var count = 0
  private var isSaid = false

  /// What is to be said now.
  mutating func take(_ file: SavedFile, inPlaceOf other: String) -> String? {
    guard isSaid else {
      isSaid = true
      return
        "\(file.path.asText.printable) took the place of \(other.printable) in the run: both are \(file.name.printable)"
        + " there. Give them names of their own, or save them by paths below the working directory, which keep all folders"
    }
    count &+= 1
    return nil
  }

  /// Once for those that were counted.
  mutating func rest() -> String? {
    guard count > 0 else { return nil }
    defer { count = 0 }
    return "\(count) more saved files took the place of others of their name in the run"
  }
}
