import Testing

@testable import TrackShim

@Suite struct TransportTests: TransportSuite {
  @Test func postsWhatItWasGiven() {
    var seen = LoopbackConnection.Request()
    let reply = response(
      answer(post("", "the body")) {
        seen = $0.request() ?? seen
        $0.answer("404 Not Found", body: "the reply")
      })
    #expect(reply?.status == 404)
    #expect(reply?.body == Array("the reply".utf8))
    #expect(reply?.isCut == false)
    #expect(seen.head.hasPrefix("POST /graphql HTTP/1.1\r\n"))
    #expect(seen.body == Array("the body".utf8))
    #expect(seen.headers("Content-Length") == ["Content-Length: 8"])
    #expect(seen.headers("Authorization") == ["Authorization: Basic " + Self.secret])
    #expect(seen.headers("User-Agent") == ["User-Agent: test/1"])
    for absent in ["Content-Type", "Expect", "Transfer-Encoding", "Proxy-Authorization", "Cookie"] {
      #expect(seen.headers(absent) == [])
    }
  }

  @Test func sendsTheLengthOfNoBodyButNoneWithGet() {
    var seen: [LoopbackConnection.Request] = []
    for method in ["PUT", "POST", "GET"] {
      let request = HTTPRequest(method: method)
      let reply = response(
        answer(request) {
          if let request = $0.request() { seen.append(request) }
          $0.answer()
        })
      #expect(reply?.status == 200)
    }
    #expect(seen.map { $0.headers("Content-Length") } == [["Content-Length: 0"], ["Content-Length: 0"], []])
    #expect(seen.map { String($0.head.prefix { $0 != " " }) } == ["PUT", "POST", "GET"])
  }

  @Test func aConnectionIsUsedAgain() {
    var served: [Int] = []
    LoopbackServer.run({ connection in
      while connection.request() != nil {
        served.append(connection.number)
        connection.answer(body: "ok")
      }
    }) { server in
      guard let transport = made() else { return }
      for _ in 0..<3 { #expect(response(outcome(transport, post(server.url)))?.body == Array("ok".utf8)) }
    }
    #expect(served == [0, 0, 0])
  }

  /// The server has closed the connection meanwhile: that is no failure, the request goes on a new one.
  @Test func aDeadConnectionIsReplaced() {
    var served: [Int] = []
    let bodies = ["one", "two"]
    LoopbackServer.run({ connection in
      guard let request = connection.request() else { return }
      served.append(connection.number)
      connection.answer(body: request.body.asText)
    }) { server in
      guard let transport = made() else { return }
      for body in bodies {
        #expect(response(outcome(transport, post(server.url, body)))?.body == Array(body.utf8))
      }
    }
    #expect(served == [0, 1])
  }

  /// A lower bound alone: how long it takes beyond that is the machine's affair.
  @Test func aRateIsKept() {
    let body = [UInt8](repeating: 7, count: 150_000)
    var seen: [UInt8] = []
    let took = seconds {
      let request = HTTPRequest(method: "PUT", body: .bytes(body), rate: 100_000)
      let reply = response(
        answer(request) {
          seen = $0.request()?.body ?? seen
          $0.answer()
        })
      #expect(reply?.status == 200)
    }
    #expect(seen == body)
    #expect(took > 1)
  }

  @Test func putsAFileWithItsExactLength() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    // Above 1 MiB libcurl would ask whether it may.
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    folder.write("file", bytes)
    var seen = LoopbackConnection.Request()
    let request = HTTPRequest(method: "PUT", body: .file(path: folder("file"), size: 2_900_001))
    let reply = response(
      answer(request) {
        seen = $0.request() ?? seen
        $0.answer("201 Created")
      })
    #expect(reply?.status == 201)
    #expect(seen.head.hasPrefix("PUT "))
    #expect(seen.headers("Content-Length") == ["Content-Length: 2900001"])
    #expect(seen.body == Array(bytes.prefix(2_900_001)))
    for absent in ["Content-Type", "Expect", "Transfer-Encoding", "Authorization"] {
      #expect(seen.headers(absent) == [])
    }
  }

  @Test func aFileThatIsShorterOrAwayCannotBeSent() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    folder.write("file", [1, 2, 3])
    for name in ["file", "away"] {
      let request = HTTPRequest(method: "PUT", body: .file(path: folder(name), size: 9))
      #expect(unsendable(answer(request) { _ = $0.request() }).contains("file"))
    }
  }

  @Test func keepsTheHeadersThatPaceUs() {
    let headers = ["retry-after:  2.5 ", "RATELIMIT-REMAINING: 7", "RateLimit-Reset:30"]
    let reply = response(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 103 Early Hints\r\nRateLimit-Remaining: 1\r\n\r\n")
        $0.answer("429 Too Many Requests", headers: headers)
      })
    #expect(reply?.status == 429)
    #expect(reply?.retryAfter == "2.5")
    #expect(reply?.rateLimitRemaining == "7")
    #expect(reply?.rateLimitReset == "30")
  }

  @Test func headersOfAnEarlierReplyAreForgotten() {
    LoopbackServer.run({ connection in
      for headers in [["Retry-After: 5"], []] where connection.request() != nil { connection.answer(headers: headers) }
    }) { server in
      guard let transport = made() else { return }
      #expect(response(outcome(transport, post(server.url)))?.retryAfter == "5")
      #expect(response(outcome(transport, post(server.url)))?.retryAfter == "")
    }
  }

  @Test func aRedirectIsAnAnswer() {
    var served = 0
    let reply = response(
      answer { connection in
        while connection.request() != nil {
          served += 1
          connection.answer("307 Temporary Redirect", headers: ["Location: /elsewhere"])
        }
      })
    #expect(reply?.status == 307)
    #expect(served == 1)
  }

  @Test func aCompressedReplyIsUnpacked() throws {
    let text = Array(String(repeating: "history ", count: 5000).utf8)
    let packed = try #require(Gzip.compress(text))
    let reply = response(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
        $0.send(packed)
      })
    #expect(packed.count < 1000)
    #expect(reply?.body == text)
  }

  @Test func aProxyIsAskedAndItsPasswordKept() throws {
    var seen = LoopbackConnection.Request()
    LoopbackServer.run({
      seen = $0.request() ?? seen
      $0.answer("502 Bad Gateway")
    }) { server in
      let options = TransportOptions(proxy: "http://user:hunter2@127.0.0.1:\(server.port)")
      guard let transport = made(options) else { return }
      #expect(response(outcome(transport, post("http://host.invalid/x")))?.status == 502)
    }
    #expect(seen.head.hasPrefix("POST http://host.invalid/x HTTP/1.1\r\n"))
    #expect(seen.headers("Proxy-Authorization").count == 1)
    for proxy in ["strange://user:hunter2@127.0.0.1:1", "http://user:hunter2@127.0.0.1:1", "http://user:hunter2@[x"] {
      let transport = try #require(made(TransportOptions(proxy: proxy)))
      #expect(!failure(outcome(transport, post("http://127.0.0.1:1/x"))).contains("hunter2"))
    }
  }

  @Test func aHostOutsideTheProxyIsAskedItself() {
    LoopbackServer.run({
      _ = $0.request()
      $0.answer()
    }) { server in
      let options = TransportOptions(proxy: "http://127.0.0.1:1", noProxy: "example.com,127.0.0.1")
      guard let transport = made(options) else { return }
      #expect(response(outcome(transport, post(server.url)))?.status == 200)
    }
  }
}
