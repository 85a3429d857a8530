@testable import TrackShim

// Records with every field set.

extension RunRecord {
  static var sample: RunRecord {
    var run = RunRecord()
    run.runID = "abc12345"
    run.entity = "team"
    run.project = "proj"
    run.config = [RecordItem(key: "lr", json: "0.1"), RecordItem(key: "name", json: "\"x\"")]
    run.group = "g"
    run.jobType = "pretrain"
    run.displayName = "naïve"
    run.notes = "n\n\"q\""
    run.tags = ["alpha", "", "beta"]
    run.sweepID = "s"
    run.host = "vm"
    run.startingStep = 1 << 33
    run.startTime = 1_795_331_147_062_548_123
    run.resumed = true
    run.telemetry = .sample
    run.runtime = 12
    run.git = GitRecord()
    run.git?.remoteURL = "https://example.org/x.git"
    run.git?.commit = "abc"
    run.resume = true
    return run
  }
}

extension TelemetryRecord {
  static var sample: TelemetryRecord {
    var telemetry = TelemetryRecord()
    telemetry.features = [TelemetryFeature.offline, TelemetryFeature.libC]
    telemetry.pythonVersion = "3"
    telemetry.cliVersion = "1"
    telemetry.coreVersion = "trackshim 0"
    telemetry.platform = "linux-x86_64"
    return telemetry
  }
}

extension EnvironmentRecord {
  static var sample: EnvironmentRecord {
    var environment = EnvironmentRecord()
    environment.operatingSystem = "Linux"
    environment.python = "-"
    environment.startedAt = 1
    environment.docker = "image"
    environment.arguments = ["-e", "", "1"]
    environment.program = "train"
    environment.codePath = "a"
    environment.codePathLocal = "b"
    environment.git = RunRecord.sample.git
    environment.email = "e@example.org"
    environment.root = "/cwd"
    environment.host = "vm"
    environment.username = "u"
    environment.executable = "/opt/train"
    environment.cpuCount = 2
    environment.cpuCountLogical = .max
    environment.gpuType = "H100"
    environment.gpuCount = 1
    environment.writerID = "w"
    environment.addHardware()
    return environment
  }

  private mutating func addHardware() {
    disks = [DiskInfo()]
    disks[0].path = "/"
    disks[0].total = .max
    disks[0].used = 1
    memory = MemoryInfo()
    memory?.total = 25_274_793_984
    cpu = CPUInfo()
    cpu?.count = 1
    cpu?.countLogical = 2
    cpu?.model = "EPYC"
    nvidiaGPUs = [NvidiaGPUInfo()]
    nvidiaGPUs[0].name = "H100"
    nvidiaGPUs[0].memoryTotal = 5
    nvidiaGPUs[0].cudaCores = 6
    nvidiaGPUs[0].architecture = "Hopper"
    nvidiaGPUs[0].uuid = "GPU-1"
    nvidiaGPUs[0].pciBusID = "0:1"
    nvidiaGPUs[0].numaNode = 1
    cudaVersion = "12.4"
    amdGPUs = [AMDGPUInfo()]
    amdGPUs[0].texts = [
      "0", "0x7", "113-D65209-073", "auto", "1", "2", "560.0", "MI250", "0x740c", "AMD", "D65209",
    ]
    slurm = [JobVariable(), JobVariable()]
    slurm[0].name = "job_id"
    slurm[0].value = "7"
  }
}

extension FilesRecord {
  static var sample: FilesRecord {
    var files = FilesRecord()
    files.files = [FileItem(), FileItem()]
    files.files[0].path = "requirements.txt"
    files.files[0].kind = .wandb
    files.files[1].path = "x"
    files.files[1].policy = .live
    return files
  }
}

extension StatsRecord {
  static var sample: StatsRecord {
    var stats = StatsRecord()
    stats.time = -1
    stats.items = [RecordItem(key: "gpu.0.gpu", json: "97")]
    return stats
  }
}

extension MetricRecord {
  static var sample: MetricRecord {
    var metric = MetricRecord()
    metric.name = "loss"
    metric.globName = "l*"
    metric.stepMetric = "step"
    metric.stepSync = true
    metric.defined = true
    metric.summary = [.min, .mean]
    metric.replaces = true
    return metric
  }
}
