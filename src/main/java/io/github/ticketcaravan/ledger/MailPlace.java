package io.github.ticketcaravan.ledger;

/** Where a mail lies on its server; RFC 9051 promises that the four together are never another mail's. */
public record MailPlace(String account, String folder, long uidValidity, long uid) {}
