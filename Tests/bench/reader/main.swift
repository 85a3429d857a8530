// reader FILE [SECONDS]: how fast the lines of a file are understood. The file is read again and again, in pieces of
// 64 KiB, by one reader, for so many seconds of CPU time; prints nanoseconds a line, lines a second, MB a second.
import Glibc
import TrackShim

func cpuTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

guard CommandLine.arguments.count > 1, let file = fopen(CommandLine.arguments[1], "r") else {
  print("reader FILE [SECONDS]")
  exit(2)
}
let seconds = CommandLine.arguments.count > 2 ? Double(CommandLine.arguments[2]) ?? 1 : 1
var text: [UInt8] = []
var piece = [UInt8](repeating: 0, count: 1 << 16)
while case let size = fread(&piece, 1, piece.count, file), size > 0 { text.append(contentsOf: piece[..<size]) }
fclose(file)

var speed = ReadingSpeed()
var rounds = 0
let start = cpuTime()
repeat {
  text.withUnsafeBytes { bytes in
    var index = 0
    while index < bytes.count {
      let end = min(bytes.count, index + piece.count)
      speed.read(UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
      index = end
    }
  }
  rounds += 1
} while cpuTime() - start < seconds
let took = cpuTime() - start
let lines = Double(max(1, speed.lines))
func figure(_ value: Double) -> String { value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))" }
print(
  "\(figure(took * 1e9 / lines)) ns/line, \(figure(lines / took / 1e6)) M lines/s, "
    + "\(figure(Double(text.count * rounds) / took / 1e6)) MB/s, \(speed.values) values in \(speed.lines) lines")
