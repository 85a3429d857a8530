import TrackShim

extension Refusal {
  var text: String {
    switch self {
    case .isTooLong: "longer than a report is"
    case .hasNoNames: "nothing names its numbers"
    case .isText: "it has words that name no number"
    case .tellsWhatWasDone: "it tells what was done"
    case .hasUnnamedNumbers: "some of its numbers have no name"
    case .namesNoResult: "no counter (step, epoch, …) and nothing that training measures (loss, acc, …) is named"
    case .isSetting: "a setting: it goes into the config with the first metric"
    case .isCode: "it looks like code"
    case .stepIsLost: "its step was in lines that were lost"
    case .isOfTheSeedsLog: "this log's other lines say nothing"
    case .generalIsOff: "the general reader is off"
    case .isCut: "longer than a line that is read"
    }
  }
}
