/// What batch systems and Kubernetes say of the job. Of Slurm's W&B has a place of its own (`HostFacts.slurm`).
enum JobVariables {
  private static let names = [
    "PBS_JOBID", "PBS_JOBNAME", "PBS_QUEUE", "LSB_JOBID", "LSB_JOBNAME", "LSB_QUEUE",
  ]
  private static let longest = 1024
  private static let namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

  /// `host`: as the run calls it; inside a pod that is the pod's name, unless the user wants another said.
  static func find(host: String, namespaceFile: String = namespaceFile, _ variable: (String) -> String?)
    -> [JobVariable]
  {
    func value(_ name: String) -> String? {
      variable(name).flatMap { $0.isEmpty || $0.utf8.count > longest ? nil : $0 }
    }
    var found = names.compactMap { name in value(name).map { made(name.lowercased(), $0) } }
    guard value("KUBERNETES_SERVICE_HOST") != nil else { return found }
    let line = Files.text(namespaceFile).split(whereSeparator: \.isNewline).first.map(String.init)
    let space = value("POD_NAMESPACE") ?? line ?? ""
    found.append(made("kubernetes_pod", value("POD_NAME") ?? host))
    if !space.isEmpty { found.append(made("kubernetes_namespace", space)) }
    if let node = value("NODE_NAME") { found.append(made("kubernetes_node", node)) }
    return found
  }

  private static func made(_ name: String, _ value: String) -> JobVariable {
    var made = JobVariable()
    made.name = name
    made.value = value
    return made
  }
}
