/// The GraphQL operations of an artifact, as W&B's own client words them.
extension GraphQL {
  static func createArtifact(_ input: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "CreateArtifact",
      query: """
        mutation CreateArtifact($input: CreateArtifactInput!) { createArtifact(input: $input) \
        { artifact { id state artifactSequence { latestArtifact { id } } } } }
        """, [("input", .make(input))])
  }

  static func createArtifactManifest(_ variables: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "CreateArtifactManifest",
      query: """
        mutation CreateArtifactManifest($artifactID: ID!, $baseArtifactID: ID, $name: String!, $digest: String!, \
        $entityName: String!, $projectName: String!, $runName: String!, $manifestType: ArtifactManifestType!, \
        $includeUpload: Boolean!) { createArtifactManifest(input: {artifactID: $artifactID, \
        baseArtifactID: $baseArtifactID, name: $name, digest: $digest, entityName: $entityName, \
        projectName: $projectName, runName: $runName, type: $manifestType}) { artifactManifest { id file { id \
        uploadUrl @include(if: $includeUpload) uploadHeaders @include(if: $includeUpload) } } } }
        """, variables)
  }

  static func createArtifactFiles(_ input: [(String, JSONValue)]) -> [UInt8] {
    body(
      operation: "CreateArtifactFiles",
      query: """
        mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) { createArtifactFiles(input: $input) \
        { files { edges { node { uploadUrl uploadHeaders artifact { id } } } } } }
        """, [("input", .make(input))])
  }

  static func commitArtifact(_ id: String) -> [UInt8] {
    body(
      operation: "CommitArtifact",
      query: """
        mutation CommitArtifact($artifactID: ID!) \
        { commitArtifact(input: {artifactID: $artifactID}) { artifact { id digest } } }
        """, [("artifactID", .string(id))])
  }
}
