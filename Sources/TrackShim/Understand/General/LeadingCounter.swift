/// Counters that stand at a line's beginning without a name: `[12]`, `12:`, `3 |`, `<10>`; of an epoch and a batch
/// `[3/25][10/938]`, `[1,  2000]`, `1|20|`.
struct LeadingCounter {
  private(set) var number: LineToken?
  private(set) var batch: LineToken?
  /// The batch shows no whole: such a pair may mean other things.
  private(set) var isBatchBare = false
  /// Where the line goes on.
  private(set) var end = 0

  init() {}

  init(_ tokens: LineTokens) {
    guard let first = tokens.at(0), let second = tokens.at(1) else { return }
    if first.isPlain, second.kind == .mark(0x3A), tokens.at(2)?.kind == .mark(0x5B), let third = tokens.at(3),
      third.isPlain, tokens.isWhole(4), tokens.at(6)?.kind == .mark(0x5D)
    {
      // `3: [  150 /  600]`
      batch = third
      end = 7
    } else if first.isPlain {
      takeNumber(first, second, tokens)
    } else if second.isPlain, first.kind == .mark(0x3C), tokens.at(2)?.kind == .mark(0x3E) {
      take(second, end: 3)
    } else if second.isPlain, first.kind == .mark(0x5B) {
      takeBrackets(second, tokens)
    }
  }

  /// Of another line of the same shape.
  func moved(_ move: (LineToken) -> LineToken) -> LeadingCounter {
    var counter = self
    counter.number = number.map(move)
    counter.batch = batch.map(move)
    return counter
  }

  private mutating func takeNumber(_ first: LineToken, _ second: LineToken, _ tokens: LineTokens) {
    let isBar = second.kind == .mark(0x7C) && second.end &- second.start == 1
    if isBar, !second.isApart, let third = tokens.at(2), third.isPlain, !third.isApart,
      tokens.at(3)?.kind == .mark(0x7C)
    {
      batch = third
      isBatchBare = true
      end = 4
    } else if second.kind == .mark(0x2D), second.isApart, tokens.at(2)?.isApart == true {
      take(first, end: 2)
    } else if second.kind == .number, second.isApart, tokens.at(2)?.kind == .word {
      // `0   47.9 ms run,  987.06 loss, …`
      take(first, end: 1)
    } else if second.kind == .word, tokens.hasLinkBehindWords(1) {
      take(first, end: 1)
    } else if isBar && second.isApart || second.kind == .mark(0x3A) && !second.isApart {
      take(first, end: 2)
    } else if second.kind == .mark(0x3A), tokens.at(2)?.kind == .mark(0x3A), tokens.at(2)?.isApart == false {
      // `004600 :: loss = 0.5`
      take(first, end: 3)
    }
  }

  private mutating func take(_ token: LineToken, end: Int) {
    number = token
    self.end = end
  }

  private mutating func takeBrackets(_ first: LineToken, _ tokens: LineTokens) {
    if tokens.at(2)?.kind == .mark(0x2C), let second = tokens.at(3), second.isPlain, tokens.at(4)?.kind == .mark(0x5D) {
      batch = second
      isBatchBare = true
      end = 5
      return
    }
    let whole = tokens.isWhole(2) ? 2 : 0
    guard tokens.at(2 &+ whole)?.kind == .mark(0x5D) else { return }
    take(first, end: 3 &+ whole)
    if whole == 0, let next = tokens.at(3), next.isPlain, next.isApart, tokens.at(4)?.kind == .mark(0x7C) {
      // `[  0]    10 || …`
      take(next, end: 4)
    }
    guard whole > 0, tokens.at(end)?.kind == .mark(0x5B), let second = tokens.at(end &+ 1), second.isPlain,
      tokens.isWhole(end &+ 2), tokens.at(end &+ 4)?.kind == .mark(0x5D)
    else { return }
    batch = second
    end = end &+ 5
  }
}
