package io.github.ticketcaravan.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Points the logging library at its configuration; before anything logs. */
final class Logging {

    private Logging() {}

    /** @param talkative whether what happens in the ordinary course is logged too */
    static void configure(Path config, boolean verbose, boolean talkative) {
        Path file = config.resolve("log4j2.properties");
        if (Files.isRegularFile(file)) {
            setUnlessSet("log4j2.configurationFile", file.toUri().toString());
        }
        setUnlessSet("caravan.log.level", verbose ? "debug" : talkative ? "info" : "warn");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
