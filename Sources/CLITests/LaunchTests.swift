import Testing
import TrackShim

@testable import TrackShimCLI

struct LaunchPlanTests {
  func plan(_ options: [LaunchOption: String] = [:], _ environment: [String: String] = [:]) -> LaunchPlan {
    LaunchPlan(options: options, process: 42, startDirectory: "/start") { environment[$0] }
  }

  @Test func optionsBecomeVariables() {
    let variables = plan([.project: "p", .tags: "a,b", .jobType: "train", .runID: "my-run"]).variables
    #expect(variables["TRACKSHIM_PROJECT"] == "p")
    #expect(variables["TRACKSHIM_TAGS"] == "a,b")
    #expect(variables["TRACKSHIM_JOB_TYPE"] == "train")
    #expect(variables["TRACKSHIM_RUN_ID"] == "my-run")
    #expect(variables["TRACKSHIM_NAME"] == nil)
  }

  @Test func aRunWithoutIDGetsOne() throws {
    let id = try #require(plan().variables["TRACKSHIM_RUN_ID"])
    #expect(id.count == 8 && id.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) })
    #expect(plan().variables["TRACKSHIM_RUN_ID"] != id)
  }

  @Test(arguments: ["TRACKSHIM_RUN_ID", "WANDB_RUN_ID"])
  func anIDFromTheEnvironmentStays(variable: String) {
    #expect(plan([:], [variable: "given"]).variables["TRACKSHIM_RUN_ID"] == "given")
    #expect(plan([.runID: "option"], [variable: "given"]).variables["TRACKSHIM_RUN_ID"] == "option")
  }

  /// The program adds its rank by itself.
  @Test func theIDOfAJobsRunStays() {
    let plan = plan([:], ["TRACKSHIM_RANKS": "all", "RANK": "3", "TRACKSHIM_RUN_ID": "x"])
    #expect(plan.variables["TRACKSHIM_RUN_ID"] == "x" && plan.notes == [])
  }

  /// The server knows the run by the agent's.
  @Test func theIDOfASweepsRunStays() {
    let agent = ["WANDB_SWEEP_ID": "s", "WANDB_RUN_ID": "given"]
    let other = plan([.runID: "option"], agent)
    #expect(other.variables["TRACKSHIM_RUN_ID"] == "given")
    #expect(
      other.notes == ["--id 'option' is not used: the run is of a sweep, whose agent says WANDB_RUN_ID"])
    #expect(plan([.runID: "given"], agent).notes == [] && plan([:], agent).notes == [])
  }

  @Test func anUnusableIDFromTheEnvironmentIsReplacedAndNamed() throws {
    let plan = plan([:], ["WANDB_RUN_ID": "a/b"])
    #expect(plan.variables["TRACKSHIM_RUN_ID"]?.count == 8)
    let note = try #require(plan.notes.first)
    #expect(note.hasPrefix("WANDB_RUN_ID='a/b' cannot be used") && plan.notes.count == 1)
  }

  @Test func theFolderIsAbsolute() {
    for (options, environment, folder) in [
      ([:], [:], "/start"), ([.directory: "runs"], [:], "/start/runs"), ([.directory: "/r"], [:], "/r"),
      ([:], ["WANDB_DIR": "w"], "/start/w"), ([.directory: "/r"], ["WANDB_DIR": "w"], "/r"),
    ] as [([LaunchOption: String], [String: String], String)] {
      let plan = plan(options, environment)
      #expect(plan.variables["TRACKSHIM_DIR"] == folder)
      #expect(plan.variables["TRACKSHIM_LAUNCHED"] == "42 " + folder)
    }
  }

  @Test func whatIsDisabledIsLeftAlone() {
    #expect(plan([.mode: "disabled"]).variables == ["TRACKSHIM_MODE": "disabled"])
    #expect(plan([:], ["WANDB_MODE": "disabled"]).variables.isEmpty)
    #expect(!plan([.mode: "online"], ["WANDB_MODE": "disabled"]).isDisabled)
  }
}

struct LaunchOptionTests {
  @Test(arguments: [
    (LaunchOption.project, "a/b"), (.entity, "a%b"), (.runID, "a:b"), (.runID, " a"), (.name, "a\nb"),
    (.tags, String(repeating: "t", count: 65)), (.mode, "onlin"),
  ])
  func valuesTheLibraryWouldNotUseAreRefused(option: LaunchOption, value: String) {
    #expect(option.refusal(of: value) != nil)
  }

  @Test(arguments: LaunchOption.allCases)
  func usableValuesAreTaken(option: LaunchOption) {
    #expect(option.refusal(of: option == .mode ? "offline" : "fine") == nil)
    #expect(option.variable.hasPrefix("TRACKSHIM_") && option.flag.hasPrefix("--"))
  }
}

struct PreloadTests {
  @Test(
    arguments: [
      (nil, "/l/libtrackshim.so"), ("", "/l/libtrackshim.so"),
      ("/x/a.so", "/l/libtrackshim.so:/x/a.so"), ("/x/a.so /y/b.so", "/l/libtrackshim.so:/x/a.so:/y/b.so"),
      ("/old/libtrackshim.so:/x/a.so", "/l/libtrackshim.so:/x/a.so"), ("libtrackshim.so.0", "/l/libtrackshim.so"),
    ] as [(String?, String)])
  func oursComesFirstAndOnce(others: String?, list: String) {
    #expect(PreloadLibrary.list("/l/libtrackshim.so", before: others) == list)
  }

  @Test func isLookedForWhereSystemsHaveIt() {
    let places = PreloadLibrary.places(in: "/usr")
    #expect(places.prefix(2) == ["/usr/lib/libtrackshim.so.0", "/usr/lib/libtrackshim.so"])
    #expect(places.contains { $0.hasSuffix("-linux-gnu/libtrackshim.so.0") })
    #expect(places.last == "/usr/lib64/libtrackshim.so")
  }

  @Test func onlyPathsThatTheLoaderWouldCutNeedAnAlias() {
    #expect(!PreloadAlias.isNeeded("/opt/trackshim-0.1/lib/libtrackshim.so"))
    for path in ["/my tree/l.so", "/a:b/l.so", "/$ORIGIN/l.so"] { #expect(PreloadAlias.isNeeded(path)) }
  }

  @Test func theAliasIsTheSameLinkEachTime() throws {
    let folder = TemporaryFolder()
    let alias = PreloadAlias(root: folder.path)
    let library = folder.write("my tree/libtrackshim.so")
    let link = try alias.link(to: library)
    #expect(FileAccess.resolved(link) == FileAccess.resolved(library))
    #expect(link.hasSuffix("/libtrackshim.so") && !PreloadAlias.isNeeded(link))
    #expect(try alias.link(to: library) == link)
    #expect(try alias.link(to: folder.write("other tree/libtrackshim.so")) != link)
  }

  @Test func aFolderThatOthersCanWriteIsNoPlaceForTheAlias() {
    let folder = TemporaryFolder()
    folder.openToAll("trackshim-\(folder.user)")
    #expect(throws: PreloadAlias.Failure.self) { try PreloadAlias(root: folder.path).link(to: "/a b/libtrackshim.so") }
  }
}

struct ProgramTests {
  @Test(
    arguments: [
      ("#!/bin/sh\n", "/bin/sh"), ("#! /usr/bin/env python3\n", "/usr/bin/env"), ("#!/bin/bash", "/bin/bash"),
      ("#!\n/bin/sh", nil), ("#!   ", nil), ("", nil), ("# !/bin/sh", nil), ("\u{7F}ELF", nil),
    ] as [(String, String?)])
  func theInterpreterOfAScript(head: String, interpreter: String?) {
    #expect(Program.interpreter(Array(head.utf8)) == interpreter)
  }

  @Test func isFoundAsExecvpFindsIt() {
    let folder = TemporaryFolder()
    let program = folder.write("bin/tool", executable: true)
    folder.write("first/tool")
    let path = folder.path + "/first:" + folder.path + "/bin"
    #expect(Program.find("tool", path: path) == program)
    #expect(Program.find(program, path: nil) == program)
    #expect(Program.find("no-such-tool", path: path) == nil)
    #expect(Program.find(folder.path + "/none", path: path) == nil)
  }

  @Test func scriptsThatRunEachOtherEnd() {
    let folder = TemporaryFolder()
    let script = folder.write("script", text: "#!\(folder.path)/script\n")
    #expect(Program.behindScripts(script) == script)
  }
}
