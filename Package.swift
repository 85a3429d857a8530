// swift-tools-version: 6.1
import PackageDescription

// What the core and its runtime allocate goes through preload/allocator.c.
let ownMemory = [
  "malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "free", "malloc_usable_size", "strdup",
].flatMap { ["-Xlinker", "--wrap=\($0)"] }

// The library is linked so that it asks nothing of the host but libc, libm and the loader:
//  * SwiftPM ignores --static-swift-stdlib for dynamic products, hence -static-stdlib here;
//  * the Makefile fills build/cxx with static copies of libstdc++ and of the unwinder (under the
//    name libgcc_s.a), and lld takes those before it looks at the system's shared ones;
//  * exports.map keeps everything but trackshim_* and the interposed names inside;
//  * functions.order (`make order`) has the functions that run stand together, so that few pages are touched. Names
//    that are not there any more do no harm.
// The number in its name is that of TRACKSHIM_VERSION_MAJOR: programs that were linked with one series do not take
// another's library.
// The folder is given relative to the package root, where `make` starts the build.
let selfContained: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-use-ld=lld", "-Lbuild/cxx",
      "-Xlinker", "--version-script=Sources/CTrackShim/exports.map",
      "-Xlinker", "--gc-sections",
      "-Xlinker", "--symbol-ordering-file=Sources/CTrackShim/functions.order",
      "-Xlinker", "--no-warn-symbol-ordering",
      "-Xlinker", "-soname=libtrackshim.so.0",
      "-Xlinker", "-z", "-Xlinker", "nodelete",
      "-Xlinker", "-z", "-Xlinker", "relro",
    ] + ownMemory)
]

// What only `make bench` has: Sources/TrackShim/Understand/ReadingSpeed.swift.
let hasBench = Context.environment["TRACKSHIM_BENCH"] != nil
let benchInSwift: [SwiftSetting] = hasBench ? [.define("TSI_BENCH")] : []

let package = Package(
  name: "trackshim",
  products: [
    .library(name: "trackshim", type: .dynamic, targets: ["TrackShim", "CTrackShimPreload"]),
    .library(
      name: "trackshim-faults", type: .dynamic, targets: ["TrackShim", "CTrackShimPreload", "CTrackShimFaults"]),
    .executable(name: "trackshim-cli", targets: ["TrackShimCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // The engine: ring, tap, worker. No libc name is interposed here, so the CLI and the unit
    // tests can link it without changing themselves.
    .target(
      name: "CTrackShim",
      exclude: ["preload", "faults", "exports.map", "functions.order"],
      cSettings: [
        .unsafeFlags([
          "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wframe-larger-than=16384", "-fvisibility=hidden",
          "-ffunction-sections",
        ])
      ]
    ),
    // The interposed libc names and the constructor: only ever part of the shared library.
    .target(
      name: "CTrackShimPreload",
      dependencies: ["CTrackShim"],
      path: "Sources/CTrackShim/preload",
      publicHeadersPath: "include",
      cSettings: [
        .headerSearchPath(".."),
        .unsafeFlags([
          "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wframe-larger-than=16384", "-fvisibility=hidden",
          "-ffunction-sections",
        ]),
      ],
      linkerSettings: selfContained
    ),
    // Faults on demand, for the tests only: only ever part of the library that `make faults` links.
    .target(
      name: "CTrackShimFaults",
      dependencies: ["CTrackShim"],
      path: "Sources/CTrackShim/faults",
      publicHeadersPath: "include",
      cSettings: [
        .unsafeFlags(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"])
      ]
    ),
    .target(
      name: "TrackShim",
      dependencies: ["CTrackShim"],
      // A violation of exclusivity is found by a trap, and a trap here ends somebody's training. Debug builds,
      // and so the unit tests, keep the checks.
      swiftSettings: benchInSwift + [
        .unsafeFlags(
          ["-enforce-exclusivity=unchecked", "-Xfrontend", "-function-sections"], .when(configuration: .release))
      ]
    ),
    // What is done with saved logs: check, learn, import. Apart, since no host needs it.
    .target(name: "SavedLogs", dependencies: ["TrackShim", "CTrackShim"]),
    .executableTarget(
      name: "TrackShimCLI",
      dependencies: [
        "TrackShim", "SavedLogs", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "ShimTests", dependencies: ["TrackShim", "SavedLogs", "CTrackShim"], path: "Sources/ShimTests"),
    .testTarget(name: "CLITests", dependencies: ["TrackShimCLI", "TrackShim"], path: "Sources/CLITests"),
  ]
)

// `make fuzz`: the functions of the unit tests that take any bytes, under libFuzzer, which has a main of its own. In a
// build of their own, so that no other one is slowed down.
if Context.environment["TRACKSHIM_FUZZ"] != nil {
  package.targets.removeAll { $0.isTest }
  package.targets += [
    .target(
      name: "FuzzTargets", dependencies: ["TrackShim", "SavedLogs", "CTrackShim"], path: "Sources/ShimTests/Fuzz"),
    .executableTarget(
      name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/fuzz/driver",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
  ]
}

// `make bench`: in a build of its own as well.
if hasBench {
  package.targets.removeAll { $0.isTest }
  package.targets += [
    .executableTarget(name: "ReaderBench", dependencies: ["TrackShim"], path: "Tests/bench/reader")
  ]
}
