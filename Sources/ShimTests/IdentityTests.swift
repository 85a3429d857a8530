import Testing

@testable import TrackShim

@Suite struct IdentityTests {
  // MARK: The build id

  /// An ELF file of a header, one program header before that of the notes, and notes.
  private static func executable(_ notes: [UInt8], kind: UInt8 = 4, notesAt: UInt64 = 176) -> [UInt8] {
    var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 170)
    func put(_ value: UInt64, _ place: Int, _ size: Int) {
      for index in 0..<size { file[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }
    put(64, 32, 8)
    put(56, 54, 2)
    put(2, 56, 2)
    put(1, 64, 4)
    put(UInt64(kind), 120, 4)
    put(notesAt, 128, 8)
    put(UInt64(notes.count), 152, 8)
    return file + notes
  }

  private static func note(_ name: String, _ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
    func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4) }
    let name = Array(name.utf8) + [0]
    return [UInt8(name.count), 0, 0, 0, UInt8(value.count), 0, 0, 0, kind, 0, 0, 0] + padded(name) + padded(value)
  }

  private static func buildID(_ bytes: [UInt8]) -> String {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("a", bytes)
    return BuildID.of(folder("a"))
  }

  static let id = note("GNU", 3, [0x00, 0x0F, 0xA0, 0xFF, 0x12])

  static let executables: [([UInt8], String)] = [
    (executable(id), "000fa0ff12"), (executable(note("GNU", 1, [1, 2, 3, 4]) + id), "000fa0ff12"),
    (executable(note("stapsdt", 3, [1]) + note("", 3, []) + id), "000fa0ff12"),
    (executable(id, kind: 1), ""), (executable(id, notesAt: .max), ""), (executable(id, notesAt: 1 << 40), ""),
    (executable(note("GNU", 3, [])), ""), (executable(note("GNU", 3, [UInt8](repeating: 1, count: 65))), ""),
    (executable(Array(id.dropLast(4))), ""), (executable([]), ""), ([], ""), (Array("#!/bin/sh\n".utf8), ""),
    (Array(executable(id).prefix(100)), ""),
  ]

  @Test(arguments: executables) func theBuildID(_ file: [UInt8], _ expected: String) {
    #expect(Self.buildID(file) == expected)
  }

  @Test func aFileThatIsNotThereHasNone() { #expect(BuildID.of("/nonexistent") == "") }

  @Test func brokenExecutablesHaveAnIDOrNone() {
    var random = SplitMix(seed: 11)
    let whole = Self.executable(Self.note("GNU", 1, [1, 2, 3, 4]) + Self.id)
    for _ in 0..<2_000 {
      var file = whole
      for _ in 0...random.below(3) { file[6 + random.below(file.count - 6)] = random.bytes(1)[0] }
      #expect(Self.buildID(file).utf8.count <= 128)
    }
  }

  // MARK: The rest

  @Test(
    arguments: [
      ("7f00-7f01 r-xp 0 08:01 9   /usr/local/cuda-12.4/lib64/libcudart.so.12.4.127\n", "12.4.127"),
      ("7f00-7f01 r-xp 0 08:01 9   /opt/l/libcudart.so.11.0", "11.0"),
      ("1-2 r-xp 0 0:0 9 /x/libcudart.so.12 (deleted)\n3-4 r-xp 0 0:0 9 /x/libcudart.so.13\n", "12"),
      ("1-2 r-xp 0 0:0 9 /x/libcudart.so\n", ""), ("1-2 r-xp 0 0:0 9 /x/libcudart.so.x\n", ""),
      ("1-2 r-xp 0 0:0 9 /libcudart.so.12/libm.so.6\n", ""), ("1-2 r-xp 0 0:0 0 \n\n", ""), ("", ""),
      ("/libcudart.so." + String(repeating: "1", count: 40), ""),
    ])
  func theRuntimeOfCUDA(maps: String, version: String) {
    #expect(CUDARuntime.version(inMaps: Array(maps.utf8)) == version)
  }

  private func job(_ variables: [String: String], namespace: String? = nil) -> [String] {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    if let namespace { folder.write("namespace", Array(namespace.utf8)) }
    return JobVariables.find(host: "vm", namespaceFile: folder("namespace")) { variables[$0] }
      .map { "\($0.name)=\($0.value)" }
  }

  @Test func jobsOfBatchSystems() {
    #expect(job([:], namespace: "ml") == [])
    #expect(
      job(["PBS_JOBID": "7.srv", "PBS_QUEUE": "gpu", "PBS_JOBNAME": ""]) == ["pbs_jobid=7.srv", "pbs_queue=gpu"])
    #expect(job(["LSB_JOBID": "8", "LSB_JOBNAME": "a b"]) == ["lsb_jobid=8", "lsb_jobname=a b"])
    #expect(job(["PBS_JOBID": String(repeating: "x", count: 1025)]) == [])
  }

  @Test func pods() {
    let inside = ["KUBERNETES_SERVICE_HOST": "10.0.0.1"]
    #expect(job(inside) == ["kubernetes_pod=vm"])
    #expect(job(inside, namespace: "ml\n") == ["kubernetes_pod=vm", "kubernetes_namespace=ml"])
    let told = inside.merging(["POD_NAME": "p", "POD_NAMESPACE": "n", "NODE_NAME": "k"]) { $1 }
    #expect(job(told, namespace: "x") == ["kubernetes_pod=p", "kubernetes_namespace=n", "kubernetes_node=k"])
  }

  /// What is not known is not there, unlike what is not so.
  @Test(arguments: [nil, false, true] as [Bool?]) func whetherFilesDiffer(_ isDirty: Bool?) throws {
    var record = IdentityRecord()
    record.gitDirty = isDirty
    var bytes: [UInt8] = []
    record.encode(into: &bytes)
    #expect(bytes == isDirty.map { [0x28, $0 ? 1 : 0] } ?? [])
    #expect(try bytes.withUnsafeBytes { try IdentityRecord(decoding: $0) } == record)
    var environment = EnvironmentRecord()
    environment.identity = record
    let member = isDirty.map { #""gitDirty":\#($0)"# } ?? ""
    #expect(MetadataFile.make(environment).asText == "{\"trackshim\":{\(member)}}\n")
  }

  @Test func itIsWrittenAndReadAgain() throws {
    var record = EnvironmentRecord()
    var identity = IdentityRecord()
    identity.buildID = "0a"
    identity.gitBranch = "main"
    identity.cudaRuntime = "12.4"
    identity.job = [JobVariable()]
    identity.job[0].name = "pbs_jobid"
    identity.job[0].value = "7"
    record.identity = identity
    var bytes: [UInt8] = []
    record.encode(into: &bytes)
    #expect(try bytes.withUnsafeBytes { try EnvironmentRecord(decoding: $0) } == record)
    #expect(
      MetadataFile.make(record).asText
        == #"{"trackshim":{"buildId":"0a","gitBranch":"main","cudaRuntime":"12.4","job":{"pbs_jobid":"7"}}}"# + "\n")
  }
}
