import Glibc

enum LocalClock {
  /// Seconds east of Greenwich where clocks of the local zone show these seconds since 1970.
  static func offset(_ local: Int64) -> Int64 {
    var seconds = time_t(local)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return 0 }
    parts.tm_isdst = -1
    return local - Int64(mktime(&parts))
  }
}
