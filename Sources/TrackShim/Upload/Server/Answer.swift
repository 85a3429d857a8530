/// What to do about the outcome of an exchange (the rows of docs/faults.md, and why in docs/differences.md).
enum Answer {
  /// Done.
  case delivered(HTTPResponse)
  /// The same again, later. `after`: seconds that the server asked for.
  case again(Trouble, after: Double?)
  /// It will not be otherwise however often it is tried.
  case refused(Refusal)
  /// Our time is over.
  case cancelled

  struct Trouble: Equatable {
    let text: String
    var isRateLimit = false
    /// That of a server whose certificate does not convince is not to be taken for its silence.
    var isCertificate = false
    /// The server itself said it.
    var isAnswer = false
  }

  struct Refusal: Error, Equatable {
    let status: Int
    let text: String
  }

  enum Operation { case query, upsert, stream, upload }

  init(_ operation: Operation, _ response: HTTPResponse) {
    let isTold = operation == .stream || operation == .upload || JSONValue(response.body) != nil
    switch response.status {
    case 200..<300 where !isTold && !response.isCut:
      self = .again(Trouble(text: "an answer that is not the server's"), after: nil)
    case 200..<300 where !response.isCut || operation == .stream || operation == .upload: self = .delivered(response)
    case 200..<300: self = .again(Trouble(text: "the answer broke off"), after: nil)
    case 409 where operation == .upsert: self = .again(Self.trouble(response), after: Self.pause(response))
    case 408 where operation == .upload: self = .refused(Self.refusal(response))
    case 408, 429, 500, 502...599: self = .again(Self.trouble(response), after: Self.pause(response))
    case 100..<200: self = .again(Self.trouble(response), after: nil)
    default: self = .refused(Self.refusal(response))
    }
  }

  init(_ failure: TransportFailure) {
    switch failure {
    case .cancelled: self = .cancelled
    case .failed(let text, let isCertificate):
      self = .again(Trouble(text: text, isCertificate: isCertificate), after: nil)
    case .unsendable(let text): self = .refused(Refusal(status: 0, text: text))
    }
  }

  private static func trouble(_ response: HTTPResponse) -> Trouble {
    Trouble(text: describe(response), isRateLimit: response.status == 429, isAnswer: true)
  }

  private static func refusal(_ response: HTTPResponse) -> Refusal {
    Refusal(status: response.status, text: describe(response))
  }

  /// `404 (run not found)`.
  private static func describe(_ response: HTTPResponse) -> String {
    guard let message = ServerMessage.text(in: response.body) else { return "\(response.status)" }
    return "\(response.status) (\(message))"
  }

  private static func pause(_ response: HTTPResponse) -> Double? { RetryAfter.seconds(response.retryAfter) }
}

/// The words of a server that says no.
enum ServerMessage {
  static func text(in body: [UInt8]) -> String? {
    guard body.count < 1 << 20, let value = JSONValue(body) else { return nil }
    let first = value["errors"]?.elements.first
    let found = first?["message"]?.text ?? first?.text ?? value["error"]?.text ?? value["message"]?.text
    guard let found, !found.isEmpty else { return nil }
    return found.printable
  }
}
