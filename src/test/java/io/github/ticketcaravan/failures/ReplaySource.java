package io.github.ticketcaravan.failures;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.DeadLetters;
import io.github.ticketcaravan.ledger.Ledger;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Dead letters that somebody asks {@code caravan run} to send again. The help desk refused all of them at first. */
final class ReplaySource implements Source {

    private final Scene scene;
    private final Deque<String> letters = new ArrayDeque<>();
    private final List<String> staged = new ArrayList<>();
    private int asked;

    ReplaySource(Scene scene, List<Update> all) throws Exception {
        this.scene = scene;
        Path file = scene.folder().resolve("refused.csv");
        CsvRows.write(file, all);
        scene.helpDesk().refuse(true);
        Process process = scene.start(List.of("import", file.toString(), "--no-brake"), List.of());
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 1) {
            throw new IllegalStateException(scene.said());
        }
        scene.helpDesk().refuse(false);
        Map<String, String> ids = new HashMap<>();
        try (Ledger ledger = open()) {
            for (DeadLetter letter : ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of("open")))) {
                ids.put(letter.parameters().get("subject"), letter.id());
            }
        }
        all.forEach(update -> letters.add(ids.get(Integer.toString(update.number()))));
    }

    private Ledger open() {
        return Ledger.open(scene.ledger(), Clock.systemUTC());
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public void stage(List<Update> updates) {
        updates.forEach(update -> staged.add(letters.remove()));
    }

    @Override
    public void give() {
        try (Ledger ledger = open()) {
            DeadLetters dead = ledger.deadLetters();
            staged.forEach(dead::request);
        }
        asked += staged.size();
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws Exception {
        try (Ledger ledger = open()) {
            int applied = ledger.deadLetters()
                    .list(DeadLetterFilter.inStates(Set.of("applied")))
                    .size();
            return applied == asked ? null : applied + " of " + asked + " letters are applied";
        }
    }

    @Override
    public String state() {
        return asked + " letters applied";
    }
}
