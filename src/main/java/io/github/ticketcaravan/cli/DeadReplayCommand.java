package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.replay.LetterUpdates;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.UpdateRules;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.DataFolder;
import io.github.ticketcaravan.wiring.SenderRights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            "3:stopped before the end; what was not sent is open, and the same command goes on"
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

    @Option(
            names = "--force",
            description =
                    "Send also what comes too late because a later update has set the same parameter, and what has"
                            + " a relative date. What is invalid, or what a mail's sender may not change, is never sent.")
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
                judge(ledger, chosen, late);
            }
            LetterUpdates updates = SenderRights.letterUpdates(settings);
            Set<String> refused = new HashSet<>();
            for (DeadLetter letter : chosen) {
                List<Problem> problems = updates.of(letter, 1).problems();
                announce(letter, late.get(letter.id()), problems);
                if (!problems.isEmpty()) {
                    refused.add(letter.id());
                }
            }
            int all = chosen.size();
            chosen.removeIf(letter -> late.containsKey(letter.id()) || (dryRun && refused.contains(letter.id())));
            if (dryRun || chosen.isEmpty()) {
                out().println((dryRun ? "Would send " : "Sent ") + chosen.size() + " of " + all);
                return chosen.size() == all ? ExitCode.APPLIED : ExitCode.REFUSED;
            }
            if (DataFolder.isRunning(settings.data()) || !ledger.isOnDuty()) {
                out().println("Handed to the running caravan");
                return replay(ledger, chosen, late, () -> {
                    awaitOutcomes(ledger, chosen, settings.data());
                    return null;
                });
            }
        }
        // Nothing is asked for before it is sure that it can be sent from here.
        try (Caravan caravan = common.start(settings, Caravan.Mode.ONE_SHOT)) {
            Interruption.on(() -> caravan.stop("Stopped"));
            return replay(caravan.ledger(), chosen, late, () -> caravan.replay().stopped());
        }
    }

    /** What was asked for before was judged then. */
    private static void judge(Ledger ledger, List<DeadLetter> chosen, Map<String, String> late) throws IOException {
        List<DeadLetter> open =
                chosen.stream().filter(letter -> letter.state().equals("open")).toList();
        ledger.deadLetters()
                .overtaken(open, -1)
                .forEach((id, parameter) -> late.put(id, "a later update has set " + parameter + " since"));
        open.forEach(letter -> UpdateRules.relativeDate(letter.parameters())
                .ifPresent(name -> late.put(letter.id(), name + " is relative to now, not to when it was given")));
    }

    /** Asks for the letters, has them sent, and takes back what was not. */
    private int replay(
            Ledger ledger, List<DeadLetter> letters, Map<String, String> late, Callable<@Nullable String> sending)
            throws Exception {
        int left = 0;
        try {
            letters.forEach(letter -> ledger.deadLetters().request(letter.id()));
            try {
                String stopped = sending.call();
                if (stopped != null) {
                    out().println("Stopped: " + stopped);
                }
            } finally {
                for (DeadLetter letter : letters) {
                    left += ledger.deadLetters().withdraw(letter.id()) ? 1 : 0;
                }
            }
        } catch (LedgerException e) {
            // Some may have been sent by now.
            out().println("Stopped: " + e.getMessage());
            out().println("The same command goes on; what was applied and recorded is not sent again.");
            return ExitCode.STOPPED;
        }
        return report(ledger, letters, late, left);
    }

    private boolean isPending(DeadLetter letter) {
        boolean pending = letter.state().equals("open") || letter.state().equals("requested");
        if (!pending) {
            spec.commandLine().getErr().println(letter.id() + " is " + letter.state() + " and is not sent");
        }
        return pending;
    }

    private void announce(DeadLetter letter, @Nullable String lateBecause, List<Problem> problems) {
        String which = letter.id() + "  " + letter.ticket() + "  ";
        if (lateBecause != null) {
            out().println(Printable.line(which + "not sent: " + lateBecause + " (--force sends it)"));
        } else if (!problems.isEmpty()) {
            String remedy = letter.problems().isEmpty()
                    ? ""
                    : " (refused until it is edited: caravan dead edit " + letter.id() + ")";
            out().println(Printable.line(which + "not sent: " + Problem.sentence(problems) + remedy));
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

    private int report(Ledger ledger, List<DeadLetter> letters, Map<String, String> late, int left) {
        int applied = 0;
        for (DeadLetter letter : letters) {
            DeadLetter now = ledger.deadLetters().find(letter.id()).orElse(letter);
            DeadLetterOptions.printLine(out(), now);
            applied += now.state().equals("applied") ? 1 : 0;
        }
        out().println(applied + " of " + (letters.size() + late.size()) + " applied");
        if (left > 0) {
            out().println("Stopped before " + left + " of them were settled; they are open: the same command goes on");
            return ExitCode.STOPPED;
        }
        return applied == letters.size() && late.isEmpty() ? ExitCode.APPLIED : ExitCode.REFUSED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
