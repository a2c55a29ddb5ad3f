/**
 * What an operator can set: one record for each key prefix, each with its defaults and its own checks.
 *
 * <p>In go the keys of {@code config/application.properties}, the environment and {@code --set}; out come
 * records that are valid, or a {@link io.github.ticketcaravan.settings.SettingsException} that names key, value
 * and what was expected. Nothing else of the project is known here.
 */
@NullMarked
package io.github.ticketcaravan.settings;

import org.jspecify.annotations.NullMarked;
