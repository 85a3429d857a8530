import Testing
@testable import TrackShim
@Test func x() { #expect(1 == 1) }
