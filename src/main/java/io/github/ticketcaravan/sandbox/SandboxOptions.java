package io.github.ticketcaravan.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How a sandbox is started.
 *
 * @param data the data file; shipped as {@code config/sandbox.yaml}
 * @param host the address to listen on
 * @param port the port to listen on; 0 is any that is free
 * @param tickets how many tickets there are, at least the data file's own; 0 is as many as the data file says
 * @param clock what time it is in the sandbox
 * @param faults the bad days to begin with
 * @param strict whether a parameter that has no meaning is refused, and not passed over
 * @param idle how long a connection stays open on which nothing happens
 */
public record SandboxOptions(
        Path data, String host, int port, int tickets, Clock clock, Faults faults, boolean strict, Duration idle) {

    /** Past what any client waits for; ends connections that a fault leaves without an answer. */
    private static final Duration USUAL_IDLE = Duration.ofMinutes(2);

    public SandboxOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is out of range: give 1 to 65535, or 0 for any");
        }
        if (tickets < 0 || tickets > 5_000_000) {
            throw new IllegalArgumentException(tickets + " tickets is out of range: give 1 to 5000000");
        }
    }

    /** On any free port of the loopback address, at the system's time, without faults. */
    public static SandboxOptions defaults(Path data) {
        return new SandboxOptions(data, "127.0.0.1", 0, 0, Clock.systemUTC(), Faults.none(), false, USUAL_IDLE);
    }

    public SandboxOptions withHost(String newHost) {
        return new SandboxOptions(data, newHost, port, tickets, clock, faults, strict, idle);
    }

    public SandboxOptions withPort(int newPort) {
        return new SandboxOptions(data, host, newPort, tickets, clock, faults, strict, idle);
    }

    public SandboxOptions withTickets(int newTickets) {
        return new SandboxOptions(data, host, port, newTickets, clock, faults, strict, idle);
    }

    public SandboxOptions withClock(Clock newClock) {
        return new SandboxOptions(data, host, port, tickets, newClock, faults, strict, idle);
    }

    public SandboxOptions withFaults(Faults newFaults) {
        return new SandboxOptions(data, host, port, tickets, clock, newFaults, strict, idle);
    }

    public SandboxOptions withStrict(boolean newStrict) {
        return new SandboxOptions(data, host, port, tickets, clock, faults, newStrict, idle);
    }

    public SandboxOptions withIdle(Duration newIdle) {
        return new SandboxOptions(data, host, port, tickets, clock, faults, strict, newIdle);
    }
}
