package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command: where configuration, routes and data are, and single keys. */
final class CommonOptions {

    static final String FILE = "application.properties";

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = "Configuration folder (default: config/ of the working folder, else the distribution's).")
    private @Nullable Path config;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description = "Folder of routes (default: routes/ beside the configuration, else the distribution's).")
    private @Nullable Path routes;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder (default: data/ beside the configuration folder).")
    private @Nullable Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one key; wins over the environment and the file. Repeatable.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--verbose", description = "Log more, and tell where an error came from.")
    private boolean verbose;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    private final Set<String> warned = new HashSet<>();

    boolean isVerbose() {
        return verbose;
    }

    /** The distribution: what the launcher says, else the folder one works in. */
    static Path home() {
        return Path.of(System.getProperty("caravan.home", "")).toAbsolutePath();
    }

    Path configFolder() {
        if (config != null) {
            if (!Files.isRegularFile(config.resolve(FILE))) {
                throw new SettingsException("--config " + config + ": there is no " + FILE + " in it");
            }
            return config.toAbsolutePath().normalize();
        }
        Path here = Path.of("config").toAbsolutePath();
        return Files.isRegularFile(here.resolve(FILE)) ? here : home().resolve("config");
    }

    Path routesFolder() {
        if (routes != null) {
            if (!Files.isDirectory(routes)) {
                throw new SettingsException("--routes " + routes + ": there is no such folder");
            }
            return routes;
        }
        Path beside = configFolder().resolveSibling("routes");
        return Files.isDirectory(beside) ? beside : home().resolve("routes");
    }

    private Path dataFolder() {
        return data == null ? configFolder().resolveSibling("data") : data;
    }

    Settings settings() {
        Values values = new Values(file(), System.getenv(), set);
        Settings settings = Settings.of(values, dataFolder(), configFolder());
        warnOf(values.secretsSet());
        return settings;
    }

    private void warnOf(Set<String> secrets) {
        for (String key : secrets) {
            if (warned.add(key) && mixee != null) {
                mixee.commandLine()
                        .getErr()
                        .println("--set " + key
                                + "=...: every user of this machine can read it in the list of processes;"
                                + " name a file that holds it with " + key + "-file, or use the environment");
            }
        }
    }

    /** The settings of a command that sends something, so an endpoint has to be configured. */
    Settings settingsToSend() {
        Settings settings = settings();
        if (settings.endpoint().url() == null) {
            throw new SettingsException("caravan.endpoint.url is empty, so there is no help desk to send to. Set it in "
                    + configFolder().resolve(FILE)
                    + " with caravan.endpoint.token and caravan.endpoint.secret. To practise first, run 'caravan sandbox'"
                    + " in another shell and add --set caravan.endpoint.url=http://localhost:8089 to this command");
        }
        return settings;
    }

    Caravan start(Settings settings, Caravan.Mode mode) {
        Logging.configure(configFolder(), verbose, mode == Caravan.Mode.RUN);
        return Caravan.start(settings, mode, routesFolder(), camelKeys(), Clock.systemUTC(), Version.current());
    }

    /** Those that Camel itself reads. */
    Map<String, String> camelKeys() {
        Map<String, String> camel = new LinkedHashMap<>();
        file().forEach((key, value) -> putCamel(camel, key, value));
        set.forEach((key, value) -> putCamel(camel, key, value));
        return camel;
    }

    private static void putCamel(Map<String, String> camel, String key, String value) {
        if (key.startsWith("camel.")) {
            camel.put(key, value);
        } else if (!key.startsWith("caravan.")) {
            throw new SettingsException(key + ": there is no such key; keys begin with caravan. or camel.");
        }
    }

    private Map<String, String> file() {
        Path file = configFolder().resolve(FILE);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException(file + " cannot be read (" + e + "): expected UTF-8 text of key=value lines");
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }
}
