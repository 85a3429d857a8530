/// Every metric name this run has seen, numbered from 0 in order of first appearance.
///
/// Lines are understood and rows are merged by number, so that the path a line takes allocates
/// nothing and compares no strings. At most `limit` names are kept: a program that prints ever new
/// ones must not eat its own memory through us. A name past the limit gets `nil`, and whoever asked
/// counts the loss.
package final class MetricNames {
  /// 100,000 names of ordinary length are about 10 MB.
  static let limit = 100_000

  private var numbers: [[UInt8]: Int] = [:]
  private var names: [[UInt8]] = []

  package init() {}

  var count: Int { names.count }

  /// The number of a name; the name is remembered when it is new. `nil` past the limit.
  func number(of name: [UInt8]) -> Int? {
    if let known = numbers[name] { return known }
    guard names.count < Self.limit else { return nil }
    let number = names.count
    names.append(name)
    numbers[name] = number
    return number
  }

  func contains(_ name: [UInt8]) -> Bool { numbers[name] != nil }

  func number(of name: String) -> Int? { number(of: Array(name.utf8)) }

  /// The bytes of a name, empty for a number that was never given out.
  package func name(_ number: Int) -> [UInt8] {
    number >= 0 && number < names.count ? names[number] : []
  }
}
