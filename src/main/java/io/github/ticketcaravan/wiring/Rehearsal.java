package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Starts a {@link Caravan} with a data folder of its own, of which nothing is left when it is closed. */
public final class Rehearsal {

    private final Path routes;
    private final Map<String, String> camel;
    private final String version;

    /** What is done with the running application. */
    interface Use {
        String with(Caravan caravan) throws Exception;
    }

    /** As for {@link Caravan#start}. */
    public Rehearsal(Path routes, Map<String, String> camel, String version) {
        this.routes = routes;
        this.camel = camel;
        this.version = version;
    }

    String run(Settings settings, Caravan.Mode mode, Use use) throws Exception {
        Path folder = Files.createTempDirectory("caravan-doctor-");
        try (Caravan caravan = Caravan.start(settings.in(folder), mode, routes, camel, Clock.systemUTC(), version)) {
            return use.with(caravan);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
