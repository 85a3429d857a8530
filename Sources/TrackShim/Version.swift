public enum Version {
  /// As in trackshim.h.
  public static let text = "0.1.0"
}
