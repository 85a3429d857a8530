import ArgumentParser
@main struct T: ParsableCommand { mutating func run() { print("hi") } }
