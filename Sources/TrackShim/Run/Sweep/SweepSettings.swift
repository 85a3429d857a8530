/// What W&B's agent says of the run that it starts.
extension SettingsReader {
  mutating func sweepID() -> String {
    let id = text("WANDB_SWEEP_ID", twin: nil, key: "sweep_id", rule: .sweepID) ?? ""
    isInSweep = !id.isEmpty
    return id
  }

  /// Settings that say which run this is. The server has it already in the sweep's project, under the id that the agent
  /// was given: there the agent's word goes before the user's, who would else give all runs of the sweep one id.
  mutating func place(_ name: String, twin: String, key: String, rule: Rule) -> String? {
    guard isInSweep, let agent = source.variable(twin), !agent.isEmpty else {
      return text(name, twin: twin, key: key, rule: rule)
    }
    for other in [source.variable(name), source.option(name)] {
      guard let other, !other.isEmpty, other != agent else { continue }
      complain("\(name)='\(other.printable)' is not used: the run is of a sweep, whose agent says \(twin)")
      break
    }
    return text(twin, twin: nil, key: key, rule: rule)
  }

  /// Never out of a file: that may be anybody's, and what is read there is sent.
  func sweepParameterFile() -> String {
    guard let path = source.variable("WANDB_SWEEP_PARAM_PATH"), !path.isEmpty else { return "" }
    return source.absolute(path)
  }
}
