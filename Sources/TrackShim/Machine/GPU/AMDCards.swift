import CTrackShim

/// AMD's cards, as the thread of the GPUs has left them (amd_cards.c).
///
/// They are numbered as ROCm numbers them, from 0, which is what W&B's client does. Where there are GPUs of NVIDIA's
/// too both would have the same names, and one be lost: there AMD's follow theirs.
enum AMDCards {
  private static var all: Range<UInt32> { 0..<min(tsi_amd_count(), UInt32(TSI_AMD_LIMIT)) }

  static func readings(from first: UInt32) -> [GPUReading] {
    all.map { card in
      GPUReading(
        maker: .amd, index: first &+ card, isLost: tsi_amd_is_lost(card),
        values: (0..<Int32(clamping: TSI_AMD_FIGURES)).map { figure in
          var value: UInt64 = 0
          return tsi_amd_figure(card, figure, &value) ? value : nil
        })
    }
  }

  static func infos(from first: UInt32) -> [AMDGPUInfo] {
    all.map { card in
      AMDGPUInfo(id: first &+ card) { tsi_amd_text(card, Int32(clamping: $0)).map { String(cString: $0) } ?? "" }
    }
  }
}

extension GPUReading {
  /// What W&B's client records of AMD's, but for the energy: that is in a file of a form that depends on the card.
  func addAMD(_ prefix: String, to sample: inout MachineSample) {
    sample.add(prefix + "gpu", number(TSI_AMD_UTILIZATION))
    addPercent(prefix + "memoryAllocated", TSI_AMD_MEMORY_USED, of: TSI_AMD_MEMORY_TOTAL, to: &sample)
    sample.add(prefix + "memoryReadWriteActivity", number(TSI_AMD_MEMORY_ACTIVITY))
    sample.add(prefix + "memoryOverDrive", number(TSI_AMD_MEMORY_OVERDRIVE))
    // bounded: doubles, of thousandths and millionths
    sample.add(prefix + "temp", number(TSI_AMD_TEMPERATURE).map { $0 / 1000 })
    sample.add(prefix + "powerWatts", number(TSI_AMD_POWER).map { $0 / 1_000_000 })
    addPercent(prefix + "powerPercent", TSI_AMD_POWER, of: TSI_AMD_POWER_LIMIT, to: &sample)
  }
}

extension AMDGPUInfo {
  /// Of the driver's texts, in the words that W&B's client makes of them.
  init(id: UInt32, text: (Int) -> String) {
    texts = [
      String(id), Self.hexadecimal(text(TSI_AMD_UNIQUE_ID)), text(TSI_AMD_VBIOS), Self.level(text(TSI_AMD_PERFORMANCE)),
      Self.percent(text(TSI_AMD_CORE_OVERDRIVE_TEXT)), Self.percent(text(TSI_AMD_MEMORY_OVERDRIVE_TEXT)),
      Self.watts(text(TSI_AMD_POWER_LIMIT_TEXT)), text(TSI_AMD_PRODUCT), Self.hexadecimal(text(TSI_AMD_DEVICE_ID)),
      // The only one that is looked at; its name is that of the PCI ID database.
      "Advanced Micro Devices, Inc. [AMD/ATI]", Self.sku(text(TSI_AMD_VBIOS)),
    ]
  }

  var series: String { zip(Self.keys, texts).first { $0.0 == "series" }?.1 ?? "" }

  /// `719d230578348e8c` and `0x740c` with `0x`, without zeros before it.
  static func hexadecimal(_ text: String) -> String {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    return UInt64(digits, radix: 16).map { "0x" + String($0, radix: 16) } ?? ""
  }

  static func level(_ text: String) -> String {
    switch text {
    case "": ""
    case "auto", "low", "high", "manual", "perf_determinism": text
    case "profile_standard": "stable_std"
    case "profile_peak": "stable_peak"
    case "profile_min_mclk": "stable_min_mclk"
    case "profile_min_sclk": "stable_min_sclk"
    default: "unknown"
    }
  }

  /// Of microwatts, to one digit behind the point.
  static func watts(_ text: String) -> String {
    guard let tenths = number(text).map({ ($0 / 50_000 &+ 1) / 2 }) else { return "" }
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func percent(_ text: String) -> String { number(text).map { String($0) } ?? "" }

  private static func number(_ text: String) -> UInt64? { KernelText.decimal(Array(text.utf8)[...]) }

  /// The middle of `113-D65209-073`.
  static func sku(_ vbios: String) -> String {
    let parts = vbios.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let middle = parts.dropFirst().first, middle.count > 1 else { return "" }
    return String(middle)
  }
}
