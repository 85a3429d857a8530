/// What is to be made of the rows of an outline, as long as the table is the same and rows follow one another.
///
/// Never changed, as `ReportPlan`.
final class RowPlan {
  struct Counter {
    var kind: Words.Counter
    var column: Int
    var place: KnownOutline.NumberPlace
    var token: LineToken
  }

  let table: Int
  let counter: Counter?
  let metrics: [ReportPlan.Metric]

  init(table: Int, counter: Counter?, metrics: [ReportPlan.Metric]) {
    self.table = table
    self.counter = counter
    self.metrics = metrics
  }
}
