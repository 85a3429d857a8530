import CTrackShim
import Testing

@testable import TrackShim

@Suite struct TransportTroubleTests: TransportSuite {
  @Test func nobodyListens() throws {
    let transport = try #require(made())
    let text = failure(outcome(transport, post("http://127.0.0.1:\(LoopbackServer.closedPort())/x")))
    #expect(text.contains("connect"))
  }

  @Test func aResetBeforeTheStatusLine() {
    _ = failure(
      answer {
        _ = $0.request()
        $0.reset()
      })
  }

  @Test func anEndBeforeTheStatusLine() {
    _ = failure(answer { _ = $0.request() })
  }

  @Test func anInterimReplyIsNone() {
    _ = failure(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 103 Early Hints\r\n\r\n")
      })
  }

  @Test func noHTTP() {
    let lines = ["five?", "no HTTP at all\r\n\r\n", "\u{0}\u{1B}[31m\r\n", "SSH-2.0-x \u{1B}]0;title\u{7}\r\n"]
    for line in lines {
      let text = failure(
        answer {
          _ = $0.request()
          $0.send(line)
        })
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
  }

  @Test(arguments: [false, true])
  func aReplyCutOffKeepsItsStatus(byReset: Bool) {
    let reply = response(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        if byReset { $0.reset() }
      })
    #expect(reply?.status == 200)
    #expect(reply?.isCut == true)
  }

  @Test func aReplyBeyondMeasureIsCut() {
    let limit = 16 << 20
    let reply = response(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 200 OK\r\nContent-Length: \(limit + 1)\r\n\r\n")
        $0.send([UInt8](repeating: 7, count: limit + 1))
      })
    #expect(reply?.status == 200)
    #expect(reply?.isCut == true)
    #expect(reply?.body.count == limit)
    #expect(reply?.body.last == 7)
  }

  @Test func aReplyOfThatMeasureIsNot() {
    let limit = 16 << 20
    let reply = response(
      answer {
        _ = $0.request()
        $0.send("HTTP/1.1 200 OK\r\nContent-Length: \(limit)\r\n\r\n")
        $0.send([UInt8](repeating: 7, count: limit))
      })
    #expect(reply?.isCut == false)
    #expect(reply?.body.count == limit)
  }

  @Test func aTimeIsUp() {
    var request = post("")
    request.timeout = 1
    var result: Outcome?
    let took = seconds { result = answer(request) { $0.waitUntilLeft() } }
    #expect(failure(result).contains("imed out") || failure(result).contains("imeout"))
    #expect(took > 0.9 && took < 5)
  }

  @Test func aLineBreakDoesNotMakeTwoHeaders() throws {
    let transport = try #require(made())
    for header in ["X: a\r\nY: b", "X: a\nY: b", "X: \u{0}"] {
      let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: [header])
      #expect(unsendable(outcome(transport, request)).contains("header"))
    }
    #expect(unsendable(outcome(transport, HTTPRequest(url: ""))) != "")
    #expect(unsendable(outcome(transport, HTTPRequest(url: "http://127.0.0.1\r\n/"))) != "")
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "://", "http://", "/files/x"])
  func noOtherProtocol(_ url: String) throws {
    let transport = try #require(made())
    #expect(unsendable(outcome(transport, HTTPRequest(method: "GET", url: url))) != "")
  }

  // ---- Giving up ----

  @Test func aStopEndsAHang() {
    var stopped: Int64 = 0
    var ended: Int64 = 0
    LoopbackServer.run({ $0.waitUntilLeft() }) { server in
      guard let transport = made() else { return }
      Threads.run(
        1,
        { _ in
          tsi_pause(300)
          stopped = tsi_clock_monotonic()
          transport.stop()
        }
      ) {
        expectCancelled(outcome(transport, post(server.url)))
        ended = tsi_clock_monotonic()
      }
      expectCancelled(outcome(transport, post(server.url)))
    }
    #expect(stopped > 0 && ended >= stopped)
    #expect(ended - stopped < Self.second / 2)
  }

  @Test func aStopEndsAReplyThatDripsIn() {
    var stopped: Int64 = 0
    let result = answer(nil) {
      _ = $0.request()
      $0.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while $0.send("x") { tsi_pause(5) }
    } during: { transport in
      stopped = tsi_clock_monotonic() + Self.second / 5
      transport.setDeadline(stopped)
    }
    expectCancelled(result)
    #expect(tsi_clock_monotonic() - stopped < Self.second)
  }

  @Test func aDeadlineEndsAHangAndCanBeMoved() {
    var took = 0.0
    LoopbackServer.run({ $0.waitUntilLeft() }) { server in
      guard let transport = made() else { return }
      transport.setDeadline(tsi_clock_monotonic() + 60 * Self.second)
      took = seconds {
        Threads.run(
          1,
          { _ in
            tsi_pause(200)
            transport.setDeadline(tsi_clock_monotonic() + Self.second / 5)
          }
        ) { expectCancelled(outcome(transport, post(server.url))) }
      }
      expectCancelled(outcome(transport, post(server.url)))
    }
    #expect(took > 0.35 && took < 1.5)
  }

  @Test func aDeadlineTakenBackIsNone() {
    let reply = response(
      answer(nil) {
        _ = $0.request()
        $0.answer()
      } during: {
        $0.setDeadline(1)
        $0.setDeadline(0)
      })
    #expect(reply?.status == 200)
  }
}
