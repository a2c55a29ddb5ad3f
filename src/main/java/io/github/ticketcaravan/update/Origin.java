package io.github.ticketcaravan.update;

/**
 * Where an instruction stands.
 *
 * @param source the kind of place
 * @param name the file's name, the mail's Message-ID, the queue's name
 * @param position the row's line in the file (the header is 1), the command's or element's index from 1
 */
public record Origin(Source source, String name, long position) {}
