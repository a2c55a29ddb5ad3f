package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.mail.AuthenticationResults.Result;
import io.github.ticketcaravan.settings.MailSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.jspecify.annotations.Nullable;

/**
 * Whether our mail server vouches for a From, in the {@code Authentication-Results} (RFC 8601) that it added itself.
 *
 * <p>Servers write at the top, so what it added is the topmost field with its authserv-id and the others with it before
 * the next {@code Received}; anything below may be the sender's invention. One {@code dmarc=fail} outweighs all else.
 * A domain is <em>aligned</em> with From's if it is the same, or above it within one organisation: who owns
 * {@code example.com} gives out what is below. DMARC's relaxed mode (RFC 7489, section 3.1) also takes a domain below or
 * beside From's; here it is not, for {@code user1.example.com} may be a stranger's. A public suffix such as
 * {@code co.uk} or {@code github.io} speaks for nobody. Where the server itself says {@code dmarc=pass}, it decides.
 */
final class Authentication {

    /** That somebody does ({@code vouched for by dmarc=pass}), or why nobody does. */
    record Finding(boolean authenticated, String reason) {}

    private final boolean required;
    private final @Nullable String trusted;

    Authentication(MailSettings settings) {
        this.required = settings.authenticationRequired();
        this.trusted = settings.trustedAuthservId() == null
                ? null
                : settings.trustedAuthservId().toLowerCase(Locale.ROOT);
    }

    Finding find(Headers headers, Address from) {
        if (!required) {
            return new Finding(true, "believed, since caravan.mail.authentication is none");
        }
        if (trusted == null) {
            return no(
                    "caravan.mail.trusted-authserv-id is empty: set it to the name with which your mail server begins its"
                            + " Authentication-Results headers");
        }
        List<String> ours = trusted.equals(MailSettings.MICROSOFT_365)
                ? headers.first("authentication-results").stream().toList()
                : fieldsOf(headers, trusted);
        if (ours.isEmpty()) {
            return no("no Authentication-Results of " + trusted + " vouches for " + from);
        }
        List<Result> results = new ArrayList<>();
        for (String field : ours) {
            AuthenticationResults parsed = AuthenticationResults.parse(field);
            if (parsed == null) {
                return no("the Authentication-Results of " + trusted + " do not follow RFC 8601");
            }
            if (trusted.equals(MailSettings.MICROSOFT_365) && parsed.authservId() != null) {
                return no(
                        "the topmost Authentication-Results are of " + parsed.authservId() + ", not of Microsoft 365");
            }
            results.addAll(parsed.results());
        }
        return judge(results, from);
    }

    private static List<String> fieldsOf(Headers headers, String id) {
        List<String> ours = new ArrayList<>();
        for (Headers.Field field : headers.fields()) {
            if (field.name().equals("authentication-results")) {
                if (id.equals(AuthenticationResults.authservId(field.value()))) {
                    ours.add(field.value());
                }
            } else if (field.name().equals("received") && !ours.isEmpty()) {
                break;
            }
        }
        return ours;
    }

    private static Finding judge(List<Result> results, Address from) {
        if (results.stream().anyMatch(result -> result.is("dmarc", "fail"))) {
            return no("the mail server says dmarc=fail of " + from);
        }
        for (Result result : results) {
            String voucher = voucher(result, from);
            if (voucher != null) {
                return new Finding(true, "vouched for by " + voucher);
            }
        }
        return no("the mail server's Authentication-Results have no pass that is aligned with " + from);
    }

    private static @Nullable String voucher(Result result, Address from) {
        if (!result.result().equals("pass")) {
            return null;
        }
        boolean vouches = switch (result.method()) {
            case "dmarc" -> from.domain().equals(domainOf(result, "header.from"));
            case "dkim" ->
                isAligned(
                        domainOf(result, result.properties().containsKey("header.d") ? "header.d" : "header.i"),
                        from.domain());
            case "spf" -> isAligned(domainOf(result, "smtp.mailfrom"), from.domain());
            case "auth" -> from.equals(Address.parse(result.properties().getOrDefault("smtp.auth", "")));
            default -> false;
        };
        return vouches ? result.method() + "=pass" : null;
    }

    /** Of a domain or an address; null where there is none. */
    private static @Nullable String domainOf(Result result, String property) {
        String value = result.properties().getOrDefault(property, "");
        if (value.startsWith("<") && value.endsWith(">")) {
            value = value.substring(1, value.length() - 1);
        }
        return Address.domain(value.substring(value.lastIndexOf('@') + 1));
    }

    static boolean isAligned(@Nullable String domain, String fromDomain) {
        return domain != null
                && (domain.equals(fromDomain) || (fromDomain.endsWith("." + domain) && isOfOneOrganisation(domain)));
    }

    /** Whether nobody but its owner can register what is below it, by the public suffix list. */
    private static boolean isOfOneOrganisation(String domain) {
        return PublicSuffixMatcherLoader.getDefault().getDomainRoot(domain) != null;
    }

    private static Finding no(String reason) {
        return new Finding(false, reason);
    }
}
