package io.github.ticketcaravan.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The key a misspelt one was most likely meant to be. */
final class NearestKey {

    private static final int FARTHEST = 4;

    private NearestKey() {}

    static Optional<String> of(String written, Collection<String> keys) {
        return keys.stream()
                .filter(key -> distance(written, key) <= FARTHEST)
                .min(Comparator.comparingInt(key -> distance(written, key)));
    }

    /** The Levenshtein distance. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
