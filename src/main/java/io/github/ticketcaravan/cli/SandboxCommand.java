package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.sandbox.Fault;
import io.github.ticketcaravan.sandbox.Faults;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxDataException;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caravan sandbox}: the help desk to practise on, until it is stopped. */
@Command(
        name = "sandbox",
        description = "Plays a help desk on this machine, to practise on: no account, nothing real is touched.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SandboxCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on (${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "8089", description = "Port to listen on (${DEFAULT-VALUE}); 0: any free.")
    private int port;

    @Option(
            names = "--tickets",
            defaultValue = "0",
            description = "How many tickets there are; 0: as the data file says.")
    private int tickets;

    @Option(names = "--data-file", description = "The help desk's data (default: sandbox.yaml of the config folder).")
    private @Nullable Path data;

    @Option(names = "--latency", defaultValue = "0ms", description = "How long each answer takes at least: 50ms, 2s.")
    private String latency = "0ms";

    @Option(names = "--latency-jitter", defaultValue = "0ms", description = "How much longer it takes at most.")
    private String latencyJitter = "0ms";

    @Option(
            names = "--fail",
            description = "What fails, and how often (repeatable): 503:2%%, 429:1%%:retry-after=3, reset:0.5%%, "
                    + "timeout:0.1%%, html:0.5%%; with :after the change is made nevertheless.")
    private List<String> fail = List.of();

    @Option(names = "--rate-limit", defaultValue = "0", description = "Requests a second, past which 429; 0: no limit.")
    private double rateLimit;

    @Option(names = "--fault-seed", defaultValue = "1", description = "Another seed, other requests that fail.")
    private long faultSeed;

    @Option(names = "--strict", description = "A parameter that has no meaning is a 422; otherwise it is passed over.")
    private boolean strict;

    @Override
    public Integer call() {
        Logging.configure(common.configFolder(), common.isVerbose(), false);
        PrintWriter out = spec.commandLine().getOut();
        try (Sandbox sandbox = Sandbox.start(options())) {
            CountDownLatch stopped = new CountDownLatch(1);
            Interruption.on(stopped::countDown);
            out.println("The sandbox listens on " + sandbox.url() + "/api/v2/tickets/update");
            out.println("Call it with the headers X-Auth-Token: sandbox and X-Auth-Secret: sandbox"
                    + " (unless your data file says otherwise); Ctrl-C ends it.");
            out.flush();
            stopped.await();
            return ExitCode.APPLIED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.APPLIED;
        } catch (SandboxDataException | UncheckedIOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return ExitCode.UNUSABLE;
        }
    }

    private SandboxOptions options() {
        Path file = data == null ? common.configFolder().resolve("sandbox.yaml") : data;
        Duration least = Faults.parseDuration(latency);
        Faults faults = new Faults(
                fail.stream().map(Fault::parse).toList(),
                least,
                Faults.parseDuration(latencyJitter),
                rateLimit,
                faultSeed);
        return SandboxOptions.defaults(file)
                .withHost(host)
                .withPort(port)
                .withTickets(tickets)
                .withStrict(strict)
                .withFaults(faults);
    }
}
