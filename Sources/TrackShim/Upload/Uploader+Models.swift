/// Files that become versions of the run's model.
extension Uploader {
  /// One per run: each file is a version of it.
  var modelName: String { ModelVersion.name(ofRun: progress.id) }

  func begin(model entry: SavedFileQueue.Entry, _ state: SavedFilePlace.State, at place: SavedFilePlace) {
    guard state.size <= ModelVersion.longest else {
      note(
        "\(entry.name.printable) is no version of the model: more than 5 GiB are not taken in one piece; TRACKSHIM_SAVE "
          + "sends it with the run", isNeeded: true)
      return finish(entry)
    }
    guard let model = ModelVersion(entry, state, at: place) else { return sendAgain(entry) }
    saved.model = model
  }

  /// The next step.
  func advance(_ model: ModelVersion) {
    guard let digest = model.digest else {
      if !model.readOn() { sendAgain(model.entry) }
      return
    }
    // What the server has already is what it was.
    guard model.isStored || !hasChanged(model.entry, since: model.state) else { return sendAgain(model.entry) }
    if !model.isStored { return announce(model, digest) }
    if !model.isListed { list(model, digest) }
    // That its answer is lost does no harm: it may be asked for twice.
    guard model.isListed, ask(model.entry, GraphQL.commitArtifact(model.artifactID), "commitArtifact") != nil else {
      return
    }
    finish(model.entry)
  }

  // MARK: A place for it

  private func announce(_ model: ModelVersion, _ digest: String) {
    let entry = model.entry
    guard let created = ask(entry, GraphQL.createArtifact(description(of: model, digest)), "createArtifact") else {
      return
    }
    let artifact = created["artifact"]
    guard let id = artifact?["id"]?.text else { return refuse(entry, Self.noAnswer) }
    // An earlier version is the same.
    if artifact?["state"]?.text == "COMMITTED" { return finish(entry) }
    model.artifactID = id
    model.baseID = artifact?["artifactSequence"]?["latestArtifact"]?["id"]?.text
    guard let manifest = ask(entry, manifest(of: model, digest: nil), "createArtifactManifest") else { return }
    guard let manifestID = manifest["artifactManifest"]?["id"]?.text else { return refuse(entry, Self.noAnswer) }
    model.manifestID = manifestID
    guard let files = ask(entry, fileRequest(of: model, digest), "createArtifactFiles") else { return }
    guard let node = files["files"]?["edges"]?.elements.first?["node"], let birth = node["artifact"]?["id"]?.text else {
      return refuse(entry, Self.noAnswer)
    }
    model.birthID = birth
    guard let url = node["uploadUrl"]?.text, !url.isEmpty else {
      model.isStored = true
      return
    }
    put(entry, model.state, url, UploadGrant.headers(in: node["uploadHeaders"]))
  }

  private func description(of model: ModelVersion, _ digest: String) -> [(String, JSONValue)] {
    let texts = [progress.entity, progress.project, progress.id]
    let version = ModelVersion.identity(texts + [digest, "\(model.entry.number)"])
    var input: [(String, JSONValue)] = [
      ("entityName", .string(progress.entity)), ("projectName", .string(progress.project)),
      ("runName", .string(progress.id)), ("artifactTypeName", .string("model")),
      ("artifactCollectionName", .string(modelName)), ("digest", .string(model.artifactDigest(digest))),
      ("digestAlgorithm", .string("MANIFEST_MD5")), ("enableDigestDeduplication", .bool(true)),
      ("clientID", .string(version)), ("sequenceClientID", .string(ModelVersion.identity(texts))),
      (
        "aliases",
        .array([.make([("artifactCollectionName", .string(modelName)), ("alias", .string("latest"))])])
      ),
    ]
    let step = projection.shift.lastStep
    if step > 0 { input.append(("historyStep", .number(String(step)))) }
    return input
  }

  private func fileRequest(of model: ModelVersion, _ digest: String) -> [UInt8] {
    let file = JSONValue.make([
      ("artifactID", .string(model.artifactID)), ("artifactManifestID", .string(model.manifestID)),
      ("name", .string(model.fileName)), ("md5", .string(digest)),
    ])
    return GraphQL.createArtifactFiles([("artifactFiles", .array([file])), ("storageLayout", .string("V2"))])
  }

  /// `digest`: of the list of contents, which is to be sent then; nil while it is not known.
  private func manifest(of model: ModelVersion, digest: String?) -> [UInt8] {
    GraphQL.createArtifactManifest([
      ("artifactID", .string(model.artifactID)), ("baseArtifactID", .orNull(model.baseID ?? "")),
      ("name", .string(ModelVersion.manifestName)), ("digest", .string(digest ?? "")),
      ("entityName", .string(progress.entity)), ("projectName", .string(progress.project)),
      ("runName", .string(progress.id)), ("manifestType", .string("FULL")), ("includeUpload", .bool(digest != nil)),
    ])
  }

  // MARK: Its end

  /// What the version consists of.
  private func list(_ model: ModelVersion, _ digest: String) {
    let entry = model.entry
    let contents = model.manifest(digest)
    let body = manifest(of: model, digest: MD5.of(contents).base64.asText)
    guard let created = ask(entry, body, "createArtifactManifest") else { return }
    guard let file = created["artifactManifest"]?["file"], let url = file["uploadUrl"]?.text, !url.isEmpty else {
      return refuse(entry, Self.noAnswer)
    }
    var request = HTTPRequest()
    request.method = "PUT"
    request.url = url
    request.headers = UploadGrant.headers(in: file["uploadHeaders"])
    request.body = .bytes(contents)
    request.timeout = plan.timeout
    switch attempt(.upload, request) {
    case .delivered: break
    case .refused(let refusal): return refuse(entry, refusal.text)
    case .again(let met, let after): return tryLater(entry, met, after)
    case .cancelled: return outcome = outcome ?? .cancelled
    }
    model.isListed = true
  }

  private static let noAnswer = "the server makes no artifact of it"
}
