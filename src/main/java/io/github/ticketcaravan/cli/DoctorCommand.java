package io.github.ticketcaravan.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.wiring.Check;
import io.github.ticketcaravan.wiring.DataFolderCheck;
import io.github.ticketcaravan.wiring.EndpointCheck;
import io.github.ticketcaravan.wiring.KafkaCheck;
import io.github.ticketcaravan.wiring.LedgerCheck;
import io.github.ticketcaravan.wiring.MailboxCheck;
import io.github.ticketcaravan.wiring.QueueCheck;
import io.github.ticketcaravan.wiring.Rehearsal;
import io.github.ticketcaravan.wiring.RoutesCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = "Checks all that has to be right, and names what is wrong and the remedy. It changes no ticket,"
                + " mail or message.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is right", "2:something is wrong"})
final class DoctorCommand implements Callable<Integer> {

    private static final ObjectWriter JSON = JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What one check came to. */
    private record Finding(String check, boolean ok, String message) {}

    /** All of them but that of the configuration, which they need. A further one is a line here. */
    private List<Check> checks(Settings settings) {
        Rehearsal rehearsal = new Rehearsal(common.routesFolder(), common.camelKeys(), Version.current());
        List<Check> checks = new ArrayList<>(List.of(
                new DataFolderCheck(settings),
                new LedgerCheck(settings),
                new RoutesCheck(settings, rehearsal),
                new EndpointCheck(settings, rehearsal),
                new MailboxCheck(settings)));
        checks.add(
                settings.queue().kind() == QueueSettings.Kind.KAFKA
                        ? new KafkaCheck(settings.queue())
                        : new QueueCheck(settings));
        return checks;
    }

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Check> checks = configuration(findings);
        for (Check check : checks == null ? List.<Check>of() : checks) {
            add(findings, find(check));
        }
        if (json) {
            out().println(JSON.writeValueAsString(findings));
        }
        if (checks == null) {
            spec.commandLine().getErr().println("The rest can be checked once the configuration is mended");
        }
        return findings.stream().allMatch(Finding::ok) ? ExitCode.APPLIED : ExitCode.UNUSABLE;
    }

    /** The checks that can follow; null where the configuration cannot be used. */
    private @Nullable List<Check> configuration(List<Finding> findings) {
        try {
            Settings settings = common.settings();
            List<Check> checks = checks(settings);
            Logging.configure(common.configFolder(), common.isVerbose(), false);
            add(findings, new Finding("configuration", true, file()));
            return checks;
        } catch (SettingsException e) {
            add(findings, new Finding("configuration", false, String.valueOf(e.getMessage())));
            return null;
        }
    }

    private String file() {
        return common.configFolder().resolve(CommonOptions.FILE).toString();
    }

    private Finding find(Check check) {
        try {
            return new Finding(check.name(), true, check.find());
        } catch (Exception e) {
            if (common.isVerbose()) {
                e.printStackTrace(spec.commandLine().getErr());
            }
            return new Finding(check.name(), false, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void add(List<Finding> findings, Finding finding) {
        findings.add(finding);
        if (!json) {
            out().printf("%-6s %-14s %s%n", finding.ok ? "ok" : "wrong", finding.check, finding.message);
            out().flush();
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
