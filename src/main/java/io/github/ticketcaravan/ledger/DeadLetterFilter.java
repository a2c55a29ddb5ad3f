package io.github.ticketcaravan.ledger;

import org.jspecify.annotations.Nullable;

/** Which dead letters are meant; null matches all. */
public record DeadLetterFilter(
        @Nullable Long importId,
        @Nullable String source,
        @Nullable String ticket,
        @Nullable String outcome,
        @Nullable Integer status,
        @Nullable String state) {

    /** Those of one import, whatever has become of them since. */
    public static DeadLetterFilter ofImport(long importId) {
        return new DeadLetterFilter(importId, null, null, null, null, null);
    }
}
