import Glibc

/// Threads of their own, not of a pool: producers are the host's.
enum Threads {
  private final class Body {
    let run: (Int) -> Void
    let number: Int
    init(_ number: Int, _ run: @escaping (Int) -> Void) {
      self.number = number
      self.run = run
    }
  }

  /// Runs `body` on `count` threads at once and, meanwhile, `beside` on this one; waits for all.
  static func run(_ count: Int, _ body: (Int) -> Void, beside: () -> Void = {}) {
    withoutActuallyEscaping(body) { body in
      let threads = (0..<count).compactMap { start(Body($0, body)) }
      beside()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private static func start(_ body: Body) -> pthread_t? {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(body).toOpaque()
    let failed = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        body.run(body.number)
        return nil
      }, context)
    return failed == 0 ? thread : nil
  }
}
