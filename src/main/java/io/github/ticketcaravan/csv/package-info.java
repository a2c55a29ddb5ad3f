/**
 * Files of ticket updates: rows in, results and rejected rows out.
 *
 * <p>In goes a CSV file as spreadsheets and exports write it; out come
 * {@link io.github.ticketcaravan.update.TicketUpdate}s in the file's order, and at the end two receipts. A file is
 * read twice, first whole and sending nothing, so that what makes it unreadable is known before its first row is
 * sent. Splitting text into cells is a library's work, behind {@link io.github.ticketcaravan.csv.CsvParser}.
 */
@NullMarked
package io.github.ticketcaravan.csv;

import org.jspecify.annotations.NullMarked;
