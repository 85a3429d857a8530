/// Which of a job's processes this is, and which job it is, as mpirun, srun and torchrun say.
struct JobRank: Equatable {
  let number: Int
  /// Empty where nothing names it.
  let job: String
  /// The id that a run of the whole job has, known to all its processes without a word between them. Empty where the
  /// launcher gives no job a name that no later one has: Open MPI's and torchrun's come again.
  let runID: String

  /// The same, in the same order, as in rank.c.
  private static let ranks = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"]

  /// nil: it is no such job's.
  init?(_ variable: (String) -> String?) {
    let rank = Self.ranks.compactMap { name in variable(name).map { (name: name, text: $0) } }
      .first { !$0.text.isEmpty }
    guard let rank, let number = Int(rank.text), number >= 0 else { return nil }
    self.number = number
    job = Self.job(variable)
    runID = rank.name == "SLURM_PROCID" ? Self.runID(variable) : ""
  }

  /// Of one start of one step of one of Slurm's jobs.
  private static func runID(_ variable: (String) -> String?) -> String {
    let names = ["SLURM_CLUSTER_NAME", "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"]
    guard let job = variable("SLURM_JOB_ID"), let step = variable("SLURM_STEP_ID"), !job.isEmpty, !step.isEmpty else {
      return ""
    }
    return RunID.derived(from: names.map { variable($0) ?? "" })
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

/// Of a job of many processes, which are recorded, and how.
enum RankPolicy: String {
  case first = "0"
  /// Each as a run of its own.
  case all
  /// All in one run, W&B's shared mode.
  case shared
}

extension Settings {
  /// What the job makes of the settings; what is to be said of that.
  mutating func use(_ rank: JobRank?) -> String? {
    guard let rank else { return nil }
    switch ranks {
    case .first: return nil
    case .all:
      useOwnRun(rank)
      return nil
    case .shared: return useSharedRun(rank)
    }
  }

  /// Each process of the job is a run: one group, names that tell them apart.
  private mutating func useOwnRun(_ rank: JobRank) {
    if group.isEmpty, SettingsReader.Rule.line.accepts(rank.job) { group = rank.job }
    name = name.isEmpty ? "rank \(rank.number)" : "\(name) rank \(rank.number)"
    if !runID.isEmpty { runID = "\(runID)-\(rank.number)" }
  }

  /// What is wrong is the same for all of them, and the first says it.
  private mutating func useSharedRun(_ rank: JobRank) -> String? {
    let isFirst = rank.number == 0
    if runID.isEmpty { runID = rank.runID }
    guard !runID.isEmpty else {
      isLeftOut = !isFirst
      return isFirst
        ? "TRACKSHIM_RANKS=shared needs an id that all ranks know: set TRACKSHIM_RUN_ID to one that no earlier run has; "
          + "only rank 0 is recorded" : nil
    }
    shared = SharedWriter(label: "rank_\(rank.number)", isPrimary: isFirst)
    guard resume != nil else { return nil }
    resume = nil
    return isFirst ? "TRACKSHIM_RESUME is not used: W&B's shared mode, for TRACKSHIM_RANKS=shared, resumes no run" : nil
  }
}
