import Testing

@testable import TrackShim

@Suite struct MetadataFileTests {
  private func text(_ record: EnvironmentRecord) -> String { MetadataFile.make(record).asText }

  /// The keys and their order are those of `wandb sync` 0.31.0 for the same record.
  @Test func everything() {
    var record = EnvironmentRecord.sample
    record.startedAt = 1_795_331_146_784_699_512
    #expect(
      text(record)
        == #"{"os":"Linux","python":"-","startedAt":"2026-11-22T07:05:46.784699Z","docker":"image","#
        + #""args":["-e","","1"],"program":"train","codePath":"a","codePathLocal":"b","#
        + #""git":{"remote":"https://example.org/x.git","commit":"abc"},"email":"e@example.org","root":"/cwd","#
        + #""host":"vm","username":"u","executable":"/opt/train","cpu_count":2,"cpu_count_logical":4294967295,"#
        + #""gpu":"H100","gpu_count":1,"disk":{"/":{"total":"18446744073709551615","used":"1"}},"#
        + #""memory":{"total":"25274793984"},"cpu":{"count":1,"countLogical":2,"model":"EPYC"},"#
        + #""gpu_nvidia":[{"name":"H100","memoryTotal":"5","cudaCores":6,"architecture":"Hopper","uuid":"GPU-1","#
        + #""pciBusId":"0:1","numaNode":1}],"cudaVersion":"12.4","gpu_amd":[{"id":"0","uniqueId":"0x7","#
        + #""vbiosVersion":"113-D65209-073","performanceLevel":"auto","gpuOverdrive":"1","gpuMemoryOverdrive":"2","#
        + #""maxPower":"560.0","series":"MI250","model":"0x740c","vendor":"AMD","sku":"D65209"}],"slurm":{"":"","job_id":"7"},"writerId":"w"}"#
        + "\n")
  }

  @Test func emptyPartsAreLeftOut() {
    #expect(text(EnvironmentRecord()) == "{}\n")
    var record = EnvironmentRecord()
    record.memory = MemoryInfo()
    record.cpu = CPUInfo()
    record.git = GitRecord()
    record.nvidiaGPUs = [NvidiaGPUInfo()]
    record.arguments = [""]
    #expect(text(record) == #"{"args":[""],"git":{},"memory":{},"cpu":{},"gpu_nvidia":[{}]}"# + "\n")
  }

  @Test func mapsAreSortedAndTheLastEntryOfAKeyCounts() {
    var record = EnvironmentRecord()
    for (path, total) in [("/b", 1), ("/a", 2), ("/b", 0)] as [(String, UInt64)] {
      var disk = DiskInfo()
      disk.path = path
      disk.total = total
      record.disks.append(disk)
    }
    #expect(text(record) == #"{"disk":{"/a":{"total":"2"},"/b":{}}}"# + "\n")
  }
}
