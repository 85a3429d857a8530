import CTrackShim

// Everything that leaves the library under a C name: convert, call, convert. The contract of trackshim_* is
// in trackshim.h; tests hold this file, the header and exports.map against each other.

/// The worker's main function; bootstrap.c hands it to the engine.
@_cdecl("tsi_core_main")
public func coreMain() {
  Tracker.current.loop()
}

// MARK: The run

@_cdecl("trackshim_start")
public func trackshimStart(_ options: UnsafeRawPointer?) -> Int32 {
  StartOptions.put(options).rawValue
}

@_cdecl("trackshim_flush")
public func trackshimFlush(_ seconds: Double) -> Int32 {
  guard !seconds.isNaN else { return CallStatus.invalid.rawValue }
  guard tsi_tap_can_record() else { return CallStatus.inactive.rawValue }
  // bounded: up to ten years
  let nanoseconds = Int64(min(max(seconds, 0), 3e8) * 1e9)
  return (tsi_flush(nanoseconds) ? CallStatus.ok : .timeout).rawValue
}

@_cdecl("trackshim_finish")
public func trackshimFinish(_ exitCode: Int32) -> Int32 {
  guard tsi_tap_can_record() else { return CallStatus.inactive.rawValue }
  return (tsi_settle(Int32(TSI_SETTLE_FINISH), exitCode) ? CallStatus.ok : .timeout).rawValue
}

// MARK: Metrics

@_cdecl("trackshim_log")
public func trackshimLog(_ step: Int64, _ key: UnsafePointer<CChar>?, _ value: Double) -> Int32 {
  CallStatus.of(CallText.key(key), step: step) { Call.log(step: step, $0, value) }
}

@_cdecl("trackshim_log_row")
public func trackshimLogRow(_ step: Int64, _ metrics: UnsafePointer<trackshim_metric>?, _ count: Int) -> Int32 {
  MetricRow.put(step: step, metrics, count).rawValue
}

@_cdecl("trackshim_define_metric")
public func trackshimDefineMetric(
  _ key: UnsafePointer<CChar>?, _ stepKey: UnsafePointer<CChar>?, _ flags: Int32
) -> Int32 {
  MetricDefinition.put(key, stepKey, MetricFlags(rawValue: flags)).rawValue
}

// MARK: Config

@_cdecl("trackshim_config_int")
public func trackshimConfigInt(_ key: UnsafePointer<CChar>?, _ value: Int64) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.config($0, .integer(value)) }
}

@_cdecl("trackshim_config_double")
public func trackshimConfigDouble(_ key: UnsafePointer<CChar>?, _ value: Double) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.config($0, .double(value)) }
}

@_cdecl("trackshim_config_bool")
public func trackshimConfigBool(_ key: UnsafePointer<CChar>?, _ value: Int32) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.config($0, .boolean(value != 0)) }
}

@_cdecl("trackshim_config_string")
public func trackshimConfigString(_ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?) -> Int32 {
  CallStatus.of(CallText.key(key), CallText.text(value)) { Call.config($0, .string($1)) }
}

@_cdecl("trackshim_config_json")
public func trackshimConfigJSON(_ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?) -> Int32 {
  CallStatus.of(CallText.key(key), CallText.json(value)) { Call.config($0, .json($1)) }
}

// MARK: Summary

@_cdecl("trackshim_summary_int")
public func trackshimSummaryInt(_ key: UnsafePointer<CChar>?, _ value: Int64) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.summary($0, .integer(value)) }
}

@_cdecl("trackshim_summary_double")
public func trackshimSummaryDouble(_ key: UnsafePointer<CChar>?, _ value: Double) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.summary($0, .double(value)) }
}

@_cdecl("trackshim_summary_bool")
public func trackshimSummaryBool(_ key: UnsafePointer<CChar>?, _ value: Int32) -> Int32 {
  CallStatus.of(CallText.key(key)) { Call.summary($0, .boolean(value != 0)) }
}

@_cdecl("trackshim_summary_string")
public func trackshimSummaryString(_ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?) -> Int32 {
  CallStatus.of(CallText.key(key), CallText.text(value)) { Call.summary($0, .string($1)) }
}

@_cdecl("trackshim_summary_json")
public func trackshimSummaryJSON(_ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?) -> Int32 {
  CallStatus.of(CallText.key(key), CallText.json(value)) { Call.summary($0, .json($1)) }
}

// MARK: Alerts

@_cdecl("trackshim_alert")
public func trackshimAlert(
  _ title: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?, _ level: Int32, _ seconds: Double
) -> Int32 {
  Alert.put(title, text, level, seconds).rawValue
}

// MARK: Files

@_cdecl("trackshim_save")
public func trackshimSave(_ path: UnsafePointer<CChar>?) -> Int32 { SavedFile.put(path).rawValue }

// MARK: Console

@_cdecl("trackshim_text")
public func trackshimText(_ text: UnsafePointer<CChar>?) -> Int32 {
  CallStatus.of(CallText.text(text)) { Call.text($0) }
}

// MARK: What is known

@_cdecl("trackshim_active")
public func trackshimActive() -> Int32 { tsi_tap_can_record() ? 1 : 0 }

@_cdecl("trackshim_run_id")
public func trackshimRunID() -> UnsafePointer<CChar>? { tsi_fact(Int32(TSI_FACT_RUN_ID)) }

@_cdecl("trackshim_run_name")
public func trackshimRunName() -> UnsafePointer<CChar>? { tsi_fact(Int32(TSI_FACT_RUN_NAME)) }

@_cdecl("trackshim_run_url")
public func trackshimRunURL() -> UnsafePointer<CChar>? { tsi_fact(Int32(TSI_FACT_RUN_URL)) }

@_cdecl("trackshim_run_dir")
public func trackshimRunDir() -> UnsafePointer<CChar>? { tsi_fact(Int32(TSI_FACT_RUN_DIR)) }

@_cdecl("trackshim_stop_requested")
public func trackshimStopRequested() -> Int32 { tsi_stop_requested() ? 1 : 0 }

@_cdecl("trackshim_get_counters")
public func trackshimGetCounters(_ counters: UnsafeMutableRawPointer?) -> Int32 {
  CounterReport.fill(counters).rawValue
}

@_cdecl("trackshim_last_note")
public func trackshimLastNote() -> UnsafePointer<CChar>? { tsi_fact(Int32(TSI_FACT_LAST_NOTE)) }

@_cdecl("trackshim_status_name")
public func trackshimStatusName(_ status: Int32) -> UnsafePointer<CChar>? { tsi_status_name(status) }

@_cdecl("trackshim_version")
public func trackshimVersion() -> UnsafePointer<CChar>? { tsi_version() }
