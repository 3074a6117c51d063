import Glibc

/// A thread that runs one body from its start to its end.
package struct Thread {
    private let handle: pthread_t

    /// Carries the body to the new thread.
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread.
    package init(_ body: @escaping @Sendable () -> Void) {
        var handle = pthread_t()
        let failed = unsafe pthread_create(
            &handle, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Body(body)).toOpaque())
        guard failed == 0 else { fatalError("a thread does not start: \(failed)") }
        self.handle = handle
    }

    /// Waits for the end of the body.
    package func join() { pthread_join(handle, nil) }

    /// Lets the thread run as long as the process.
    package func detach() { pthread_detach(handle) }
}
