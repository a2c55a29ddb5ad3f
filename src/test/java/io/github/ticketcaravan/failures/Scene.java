package io.github.ticketcaravan.failures;

import io.github.ticketcaravan.RememberingHelpDesk;
import io.github.ticketcaravan.Wire;
import io.github.ticketcaravan.cli.Cli;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What surrounds the program in one trial: a help desk, a ledger, a disk, and the wires between them and it. */
final class Scene implements AutoCloseable {

    private static final Pattern SERVER = Pattern.compile("(jdbc:postgresql://[^:/]+):(\\d+)/");
    private static final String DISK_SIZE = "64m";

    private final Path folder;
    private final Pace pace;
    private final Path data;
    private final RememberingHelpDesk helpDesk = RememberingHelpDesk.reliable();
    private final Wire helpDeskWire = new Wire(helpDesk.port());
    private final List<Wire> brokerWires = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final String directLedger;
    private final String ledger;
    private final @Nullable Wire ledgerWire;
    private final @Nullable Disk disk;

    Scene(Path folder, Failure failure, Pace pace) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.pace = pace;
        this.disk = failure == Failure.DISK_FULL ? Disk.mount(folder.resolve("disk"), DISK_SIZE) : null;
        this.data = Files.createDirectories((disk == null ? folder : disk.folder()).resolve("data"));
        if (failure.needsPostgreSql()) {
            directLedger = LedgerDatabase.POSTGRESQL.fresh(folder);
            Matcher server = SERVER.matcher(directLedger);
            if (!server.find()) {
                throw new IllegalStateException(directLedger);
            }
            ledgerWire = new Wire(Integer.parseInt(server.group(2)));
            ledger = server.replaceFirst("jdbc:postgresql://127.0.0.1:" + ledgerWire.port() + "/") + pace.postgresql();
        } else {
            directLedger = LedgerDatabase.SQLITE.fresh(data);
            ledgerWire = null;
            ledger = directLedger;
        }
        helpDesk.answerAfter(pace.answerMillis());
    }

    Path folder() {
        return folder;
    }

    Pace pace() {
        return pace;
    }

    /** The program's data folder, on the disk that may be full. */
    Path data() {
        return data;
    }

    RememberingHelpDesk helpDesk() {
        return helpDesk;
    }

    Wire helpDeskWire() {
        return helpDeskWire;
    }

    Wire ledgerWire() {
        return Objects.requireNonNull(ledgerWire, "the ledger is a file");
    }

    Disk disk() {
        return Objects.requireNonNull(disk, "the disk is not its own");
    }

    List<Wire> brokerWires() {
        return brokerWires;
    }

    /** A wire to a broker, which the failures of brokers cut. */
    Wire wireTo(int brokerPort) {
        Wire wire = new Wire(brokerPort);
        brokerWires.add(wire);
        return wire;
    }

    /** The ledger's JDBC URL, which works whatever has failed. */
    String ledger() {
        return directLedger;
    }

    /** Starts a command in a process of its own; what it says is added to {@link #said}. */
    Process start(List<String> command, List<String> options) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
                "--config=" + Cli.PROJECT.resolve("config"),
                "--data=" + data,
                "--set=caravan.endpoint.url=http://127.0.0.1:" + helpDeskWire.port(),
                "--set=caravan.endpoint.connect-timeout=2s",
                "--set=caravan.endpoint.response-timeout=5s",
                "--set=caravan.delivery.window=40",
                "--set=caravan.delivery.retry.delay=100ms",
                "--set=caravan.delivery.retry.max-delay=1s",
                "--set=caravan.ledger.url=" + ledger));
        words.addAll(options);
        Process process = Cli.process(folder, words.toArray())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private Path log() {
        return folder.resolve("said.log");
    }

    /** All that the program has said so far. */
    String said() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        helpDeskWire.close();
        brokerWires.forEach(Wire::close);
        if (ledgerWire != null) {
            ledgerWire.close();
        }
        helpDesk.close();
        if (disk != null) {
            disk.close();
        }
    }
}
