package io.github.ticketcaravan.sandbox;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address or telephone number that is well-formed.
 *
 * @param data a number as it was given, trimmed; of an address only what mail is sent to
 * @param key the same for every way to write the same address or number
 */
record ContactAddress(ContactMethod.Type type, String data, String key) {

    /** Whose numbers may be written without a country code: the vendor is at home there. */
    private static final String HOME_REGION = "GB";

    private static final EmailValidator EMAIL = JMail.strictValidator();

    /** Null where the text is no valid address or number. */
    static @Nullable ContactAddress read(ContactMethod.Type type, String text) {
        String data = text.strip();
        return switch (type) {
            case EMAIL -> email(data);
            case TELEPHONE -> {
                String key = telephoneKey(data);
                yield key == null ? null : new ContactAddress(type, data, key);
            }
        };
    }

    /** As {@link #read(ContactMethod.Type, String)}, of the type that the text looks like. */
    static @Nullable ContactAddress read(String text) {
        return read(text.contains("@") ? ContactMethod.Type.EMAIL : ContactMethod.Type.TELEPHONE, text);
    }

    /** The address alone, also of {@code Al <al@example.com>}. */
    private static @Nullable ContactAddress email(String data) {
        return EMAIL.tryParse(data)
                .map(email -> email.localPartWithoutComments() + "@"
                        + email.domainWithoutComments().strip())
                .map(address -> new ContactAddress(ContactMethod.Type.EMAIL, address, address.toLowerCase(Locale.ROOT)))
                .orElse(null);
    }

    private static @Nullable String telephoneKey(String data) {
        // The library also reads numbers out of prose and letters on keypads, which a help desk does not.
        if (!data.matches("[+(]?[0-9][0-9 ()./-]{1,30}")) {
            return null;
        }
        try {
            PhoneNumberUtil library = PhoneNumberUtil.getInstance();
            PhoneNumber number = library.parse(data, HOME_REGION);
            return library.isPossibleNumberWithReason(number) == ValidationResult.IS_POSSIBLE
                    ? library.format(number, PhoneNumberFormat.E164)
                    : null;
        } catch (NumberParseException e) {
            return null;
        }
    }
}
