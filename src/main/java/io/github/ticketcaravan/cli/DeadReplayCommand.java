package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.UpdateRules;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        description =
                "Sends dead letters again, in the order in which they came. Where 'caravan run' works with the data"
                        + " folder, it is handed the work.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all were applied",
            "1:some were refused again, or come too late and were not sent",
            "2:usage or configuration; nothing was sent",
            "3:stopped before the end; the same command goes on"
        })
final class DeadReplayCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private DeadLetterOptions which = new DeadLetterOptions();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "As dead list prints it; its number will do.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All that are open.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only say what would be sent.")
    private boolean dryRun;

    @Option(names = "--force", description = "Send also what comes too late, or has a relative date.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = dryRun ? common.settings() : common.settingsToSend();
        List<DeadLetter> chosen;
        Map<String, String> late = new LinkedHashMap<>();
        try (Ledger ledger = DeadLetterOptions.open(common)) {
            chosen = new ArrayList<>(which.chosen(ledger, ids, all, DeadLetterFilter.PENDING, spec.commandLine()));
            chosen.removeIf(letter -> !isPending(letter));
            if (!force) {
                // What was asked for before was judged then.
                List<DeadLetter> open = chosen.stream()
                        .filter(letter -> letter.state().equals("open"))
                        .toList();
                ledger.deadLetters()
                        .overtaken(open, -1)
                        .forEach((id, parameter) -> late.put(id, "a later update has set " + parameter + " since"));
                open.forEach(letter -> UpdateRules.relativeDate(letter.parameters())
                        .ifPresent(
                                name -> late.put(letter.id(), name + " is relative to now, not to when it was given")));
            }
            chosen.forEach(letter -> announce(letter, late.get(letter.id())));
            chosen.removeIf(letter -> late.containsKey(letter.id()));
            if (dryRun || chosen.isEmpty()) {
                out().println((dryRun ? "Would send " : "Sent ") + chosen.size() + " of "
                        + (chosen.size() + late.size()));
                return late.isEmpty() ? ExitCode.APPLIED : ExitCode.REFUSED;
            }
            chosen.forEach(letter -> ledger.deadLetters().request(letter.id()));
            if (DataFolder.isRunning(settings.data()) || !ledger.isOnDuty()) {
                out().println("Handed to the running caravan");
                awaitOutcomes(ledger, chosen, settings.data());
                return report(ledger, chosen, late);
            }
        }
        try (Caravan caravan = common.start(settings, Caravan.Mode.ONE_SHOT)) {
            Interruption.on(() -> caravan.stop("Stopped"));
            String stopped = caravan.replay().stopped();
            if (stopped != null) {
                out().println("Stopped: " + stopped);
            }
            return report(caravan.ledger(), chosen, late);
        }
    }

    private boolean isPending(DeadLetter letter) {
        boolean pending = letter.state().equals("open") || letter.state().equals("requested");
        if (!pending) {
            spec.commandLine().getErr().println(letter.id() + " is " + letter.state() + " and is not sent");
        }
        return pending;
    }

    private void announce(DeadLetter letter, @Nullable String lateBecause) {
        String which = letter.id() + "  " + letter.ticket() + "  ";
        if (lateBecause != null) {
            out().println(Printable.line(which + "not sent: " + lateBecause + " (--force sends it)"));
        } else if (dryRun) {
            out().println(Printable.line(which + letter.parameters()));
        }
    }

    /** Until each is settled, or the process that was handed them has ended. */
    private static void awaitOutcomes(Ledger ledger, List<DeadLetter> letters, Path data) throws InterruptedException {
        for (DeadLetter letter : letters) {
            while (ledger.deadLetters()
                    .find(letter.id())
                    .filter(now -> now.state().equals("requested"))
                    .isPresent()) {
                if (!DataFolder.isRunning(data) && ledger.isOnDuty()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    private int report(Ledger ledger, List<DeadLetter> letters, Map<String, String> late) throws IOException {
        int applied = 0;
        int left = 0;
        for (DeadLetter letter : letters) {
            DeadLetter now = ledger.deadLetters().find(letter.id()).orElse(letter);
            DeadLetterOptions.printLine(out(), now);
            applied += now.state().equals("applied") ? 1 : 0;
            left += now.state().equals("requested") ? 1 : 0;
        }
        out().println(applied + " of " + (letters.size() + late.size()) + " applied");
        if (left > 0) {
            out().println("Stopped before " + left + " of them were settled: the same command goes on");
            return ExitCode.STOPPED;
        }
        return applied == letters.size() && late.isEmpty() ? ExitCode.APPLIED : ExitCode.REFUSED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
