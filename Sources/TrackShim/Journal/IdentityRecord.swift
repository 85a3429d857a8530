/// What tells programs and jobs apart and W&B's messages have no field for.
///
/// It stands in the environment record under a number far from W&B's. Readers of protocol buffers pass over fields
/// that they do not know, so `wandb sync` sends the run without it.
public struct IdentityRecord: Equatable, Sendable {
  /// Of the executable, in hexadecimal digits, as the linker wrote it.
  public var buildID = ""
  public var gitBranch = ""
  /// Version of the CUDA runtime that is loaded.
  public var cudaRuntime = ""
  /// Of batch systems other than Slurm, and of Kubernetes.
  public var job: [JobVariable] = []
  /// Whether files that git keeps differ from the commit; nil where that is not known.
  public var gitDirty: Bool?

  public init() {}
}

extension IdentityRecord: WireMessage {
  static let field = 10_001

  func encode(into out: inout [UInt8]) {
    out.appendField(1, buildID)
    out.appendField(2, gitBranch)
    out.appendField(3, cudaRuntime)
    out.appendField(4, job)
    // Written also when it is false, unlike others: what is not there is not known.
    if let gitDirty {
      out.appendTag(5, .varint)
      out.appendVarint(gitDirty ? 1 : 0)
    }
  }

  mutating func take(_ field: WireField) throws(WireError) {
    switch field.number {
    case 1: field.read(&buildID)
    case 2: field.read(&gitBranch)
    case 3: field.read(&cudaRuntime)
    case 4: try field.read(&job)
    case 5:
      var isDirty = gitDirty ?? false
      field.read(&isDirty)
      gitDirty = isDirty
    default: break
    }
  }
}
