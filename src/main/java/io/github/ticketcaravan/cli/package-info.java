/**
 * The command line: {@link io.github.ticketcaravan.cli.Main} and one class a command.
 *
 * <p>In go arguments and the configuration; results go to standard output, progress and errors to standard error,
 * and every command ends with the exit code that the README's table promises.
 */
@NullMarked
package io.github.ticketcaravan.cli;

import org.jspecify.annotations.NullMarked;
