/// What lets us write to a W&B account. It goes into the Authorization header and nowhere else: whatever prints,
/// interpolates or mirrors a key gets a placeholder.
struct APIKey: Equatable, Sendable {
  private let text: String

  /// Why a text is no key; never says what it was.
  enum Problem: Error, Equatable {
    case tooLong, characters
    case tooShort(Int)

    var text: String {
      switch self {
      case .tooLong: "it is longer than 1023 bytes"
      case .characters: "a key has only letters, digits, - and _"
      case .tooShort(let count): "a key has 40 characters or more, this one \(count)"
      }
    }
  }

  /// As the official client checks it, before any request: on-premises keys have a prefix and a dash in front
  /// of 40 characters or more; three parts with dots between them are a token of the service's own.
  init(_ text: String) throws(Problem) {
    guard text.utf8.count < 1024 else { throw .tooLong }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isToken = parts.count == 3 && parts.allSatisfy { !$0.isEmpty }
    guard (isToken ? parts : [text[...]]).allSatisfy({ $0.utf8.allSatisfy(Self.isInKey) }) else { throw .characters }
    let secret = text.utf8.firstIndex(of: UInt8(ascii: "-")).map { text.utf8[$0...].dropFirst() } ?? text.utf8[...]
    guard isToken || secret.count >= 40 else { throw .tooShort(secret.count) }
    self.text = text
  }

  /// A header; only for requests to the server's own address, never for uploads.
  var authorization: String { "Authorization: Basic " + Array("api:\(text)".utf8).base64.asText }

  private static func isInKey(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "APIKey(…)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
