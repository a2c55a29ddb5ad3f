package io.github.ticketcaravan.settings;

import java.nio.file.Path;
import java.time.ZoneId;

/**
 * All that an operator can set, valid and without contradictions.
 *
 * @param timeZone {@code caravan.time-zone}: the zone of times that name none
 * @param data the data folder: the ledger, what is spooled, the folders of the inbox
 */
public record Settings(
        Path data,
        ZoneId timeZone,
        EndpointSettings endpoint,
        DeliverySettings delivery,
        CsvSettings csv,
        QueueSettings queue,
        LedgerSettings ledger,
        DeadLetterSettings deadLetter,
        NotifySettings notification,
        MailSettings mail) {

    /** The same, with the configuration in its usual place, {@code config/} beside the data folder. */
    public static Settings of(Values values, Path data) {
        return of(values, data, data.resolveSibling("config"));
    }

    /**
     * Reads every key once.
     *
     * @param data the data folder; relative paths in the settings are resolved against it
     * @param config the configuration folder, where {@code caravan.mail.senders} is
     * @throws SettingsException naming the key that is unknown or whose value cannot be used
     */
    public static Settings of(Values values, Path data, Path config) {
        Path folder = data.toAbsolutePath().normalize();
        EndpointSettings endpoint = EndpointSettings.of(values);
        LedgerSettings ledger = LedgerSettings.of(values, folder, endpoint);
        QueueSettings queue = QueueSettings.of(values, folder);
        Settings settings = new Settings(
                folder,
                values.zone("caravan.time-zone", "UTC"),
                endpoint,
                DeliverySettings.of(values),
                CsvSettings.of(values, folder),
                queue,
                ledger,
                DeadLetterSettings.of(values, queue),
                NotifySettings.of(values),
                MailSettings.of(values, config.toAbsolutePath().normalize(), ledger));
        values.refuseUnknown();
        return settings;
    }

    /** The same, but whatever is kept is kept in another folder. */
    public Settings in(Path folder) {
        return new Settings(
                folder,
                timeZone,
                endpoint,
                delivery,
                csv.in(folder),
                queue,
                LedgerSettings.in(folder, ledger.keep()),
                deadLetter,
                notification,
                mail);
    }

    /** The same, but sent in another way. */
    public Settings with(DeliverySettings other) {
        return new Settings(data, timeZone, endpoint, other, csv, queue, ledger, deadLetter, notification, mail);
    }

    /** The same, but nobody is told of anything. */
    public Settings tellingNobody() {
        return new Settings(
                data,
                timeZone,
                endpoint,
                delivery,
                csv,
                queue,
                ledger,
                new DeadLetterSettings(null),
                new NotifySettings(null),
                mail);
    }
}
