// A second Swift runtime in one process, the host's.
struct Row { var step: Int, losses: [String: Double] }

let rows = (1...3).map { Row(step: $0, losses: ["train": 4.5]) }
for row in rows {
  print("step    \(row.step)/3: train loss \(row.losses["train", default: 0])00000 (1.000000 ms, 1000 tok/s)")
}
print("text of its own", terminator: "\n")
