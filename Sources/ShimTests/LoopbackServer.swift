import Glibc

@testable import TrackShim

/// One HTTP client's connection, seen from the server. Everything is as raw as it came.
final class LoopbackConnection {
  struct Request {
    var head = ""
    var body: [UInt8] = []

    /// The header lines of this name, whatever the case.
    func headers(_ name: String) -> [String] {
      head.split(separator: "\r\n").map(String.init).filter { $0.lowercased().hasPrefix(name.lowercased() + ":") }
    }
  }

  /// Counted from 0, in the order in which they were accepted.
  let number: Int
  private let socket: Int32
  private var pending: [UInt8] = []

  fileprivate init(_ socket: Int32, number: Int) {
    self.socket = socket
    self.number = number
  }

  /// nil when the client has gone.
  func request() -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var headSize: Int?
    while headSize == nil {
      headSize = pending.indices.first { pending[$0...].starts(with: end) }.map { $0 + end.count }
      if headSize == nil, !receive() { return nil }
    }
    var request = Request(head: Array(pending.prefix(headSize ?? 0)).asText)
    pending.removeFirst(headSize ?? 0)
    let length = request.headers("Content-Length").first?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    while pending.count < length, receive() {}
    request.body = Array(pending.prefix(length))
    pending.removeFirst(min(length, pending.count))
    return request
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// False when the client has gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, 0x4000) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "") {
    let lines = ["HTTP/1.1 " + status] + headers + ["Content-Length: \(body.utf8.count)", "", ""]
    send(lines.joined(separator: "\r\n") + body)
  }

  /// Answers nothing until the client gives up.
  func waitUntilLeft() { while receive() {} }

  /// The connection ends with a reset in place of an orderly end.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  private func receive() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &bytes, bytes.count, 0)
    guard count > 0 else { return false }
    pending += bytes.prefix(count)
    return true
  }
}

/// A server on a port of 127.0.0.1 with one thread: one connection after the other is given to `serve`, and
/// closed when that returns.
final class LoopbackServer {
  private let listener: Int32
  let port: UInt16

  var url: String { "http://127.0.0.1:\(port)" }

  private init?() {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { return nil }
  }

  private func run(_ serve: (LoopbackConnection) -> Void) {
    var number = 0
    while true {
      let socket = accept(listener, nil, nil)
      guard socket >= 0 else { return }
      serve(LoopbackConnection(socket, number: number))
      close(socket)
      number += 1
    }
  }

  /// Runs `use` while connections are served; returns when both have ended. Connections that `use` leaves open
  /// hold it up, so a transport must be gone by then.
  static func run(_ serve: (LoopbackConnection) -> Void, _ use: (LoopbackServer) -> Void) {
    guard let server = LoopbackServer() else { return }
    Threads.run(1, { _ in server.run(serve) }) {
      use(server)
      shutdown(server.listener, Int32(SHUT_RDWR))
    }
    close(server.listener)
  }

  /// A port at which nobody listens.
  static func closedPort() -> UInt16 {
    guard let server = LoopbackServer() else { return 1 }
    close(server.listener)
    return server.port
  }
}
