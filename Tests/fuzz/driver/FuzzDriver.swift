@testable import FuzzTargets
import Glibc

// A libFuzzer program that has one target at a time: TRACKSHIM_FUZZ_TARGET names it. Without that it lists
// them.

private let target = getenv("TRACKSHIM_FUZZ_TARGET").flatMap { FuzzTarget.named(String(cString: $0)) }

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let target else { return 0 }
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    print("FINDING \(target.name): \(error)")
    fflush(nil)
    abort()
  }
  return 0
}

/// The package manager's linking looks for a main of this name; libFuzzer's own is what is wanted.
@_cdecl("Fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  guard target != nil else {
    print(FuzzTarget.all.map(\.name).joined(separator: " "))
    return 2
  }
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, fuzzOne)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
