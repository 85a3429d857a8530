/// Which of a job's processes this is, and which job it is, as mpirun, srun and torchrun say.
struct JobRank: Equatable {
  let number: Int
  /// Empty where nothing names it.
  let job: String

  /// The same, in the same order, as in rank.c.
  private static let ranks = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"]

  /// nil: it is no such job's.
  init?(_ variable: (String) -> String?) {
    let rank = Self.ranks.compactMap { variable($0) }.first { !$0.isEmpty }
    guard let number = rank.flatMap({ Int($0) }), number >= 0 else { return nil }
    self.number = number
    job = Self.job(variable)
  }

  private static func job(_ variable: (String) -> String?) -> String {
    func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let job = value("SLURM_JOB_ID") { return value("SLURM_STEP_ID").map { "\(job).\($0)" } ?? job }
    for name in ["PBS_JOBID", "LSB_JOBID", "TORCHELASTIC_RUN_ID", "PMIX_NAMESPACE"] {
      // torchrun without a name for the job says so.
      if let job = value(name), job != "none" { return job }
    }
    guard let address = value("MASTER_ADDR"), let port = value("MASTER_PORT") else { return "" }
    return "\(address) \(port)"
  }
}

extension Settings {
  /// Each process of the job is a run: one group, names that tell them apart.
  mutating func use(_ rank: JobRank?) {
    guard recordsAllRanks, let rank else { return }
    if group.isEmpty, SettingsReader.Rule.line.accepts(rank.job) { group = rank.job }
    name = name.isEmpty ? "rank \(rank.number)" : "\(name) rank \(rank.number)"
    if !runID.isEmpty { runID = "\(runID)-\(rank.number)" }
  }
}
