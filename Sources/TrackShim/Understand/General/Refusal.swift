/// Why a line with numbers gave nothing.
public enum Refusal: Sendable {
  case isTooLong, hasNoNames, isText, tellsWhatWasDone, hasUnnamedNumbers, namesNoResult, isSetting, isCode
  case stepIsLost, isOfTheSeedsLog, generalIsOff, isCut
}
