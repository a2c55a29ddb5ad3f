package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.mail.AuthenticationResults.Result;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    private static final String PASS = "mx.example.com; dmarc=pass header.from=example.com";

    @Test
    void theExampleOfTheStandardIsRead() {
        AuthenticationResults results = AuthenticationResults.parse("foo.example.net (foobar) 1 (baz);"
                + " dkim (Because I like it) / 1 (One yay) = (wait for it) fail"
                + " policy (A dot can go here) . (like that) expired"
                + " (this surprised me) = (as I wasn't expecting it) 1362471462");

        assertThat(results)
                .isEqualTo(new AuthenticationResults(
                        "foo.example.net",
                        List.of(new Result("dkim", "fail", Map.of("policy.expired", "1362471462")))));
    }

    @Test
    void severalResultsAreRead() {
        AuthenticationResults results =
                AuthenticationResults.parse("Example.COM;\tdkim=pass reason=\"good \\\"signature\\\"\""
                        + " header.i=@mail.example.org header.b=aB/c+d=;spf=Pass (a (nested) comment; dmarc=fail)"
                        + " smtp.mailfrom=\"a b\"@example.org; iprev=pass policy.iprev=192.0.2.1 ;");

        assertThat(results)
                .isEqualTo(new AuthenticationResults(
                        "example.com",
                        List.of(
                                new Result(
                                        "dkim",
                                        "pass",
                                        Map.of(
                                                "reason", "good \"signature\"",
                                                "header.i", "@mail.example.org",
                                                "header.b", "aB/c+d=")),
                                new Result("spf", "pass", Map.of("smtp.mailfrom", "a b@example.org")),
                                new Result("iprev", "pass", Map.of("policy.iprev", "192.0.2.1")))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com; none",
                "example.com 1; none",
                "\"example.com\" (x) ; (y) none (z)",
                "example.com",
                "example.com;"
            })
    void noResultIsNone(String value) {
        assertThat(AuthenticationResults.parse(value)).isEqualTo(new AuthenticationResults("example.com", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "; dmarc=pass",
                "example.com 2; dmarc=pass",
                "example.com dmarc=pass",
                "example.com; dmarc",
                "example.com; dmarc=",
                "example.com; =pass",
                "example.com; dmarc=pass (never closed",
                "example.com; dmarc=pass \"never closed",
                "example.com; dmarc=pass header.from",
                "example.com; dmarc=pass header.=example.com",
                "example.com; dmarc=pass header.from=a.example header.from=b.example",
                "example.com; dmarc/2=pass",
                "example.com; dmarc=pass, spf=pass",
            })
    void whatDoesNotFollowTheGrammarIsNotBelieved(String value) {
        assertThat(AuthenticationResults.parse(value)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dmarc=pass header.from=Example.COM                  | true
            dmarc=pass header.from=mail.example.com             | false
            dmarc=pass                                          | false
            dmarc=bestguesspass header.from=example.com         | false
            dmarc=none header.from=example.com                  | false
            dkim=pass header.d=example.com                      | true
            dkim=pass header.d=user1.example.com                | false
            dkim=pass header.d=badexample.com                   | false
            dkim=pass header.d=example.com.evil.example         | false
            dkim=pass header.d=com                              | false
            dkim=pass header.i=@example.com                     | true
            dkim=pass header.d=evil.example header.i=@example.com | false
            dkim=fail header.d=example.com                      | false
            spf=pass smtp.mailfrom=alice@example.com            | true
            spf=pass smtp.mailfrom=example.com                  | true
            spf=pass smtp.mailfrom=<x@example.com>              | true
            spf=pass smtp.mailfrom=x@user1.example.com          | false
            dkim=pass header.i=boss@user1.example.com           | false
            spf=pass smtp.mailfrom="example.com"@evil.example   | false
            spf=pass smtp.mailfrom=<>                           | false
            spf=pass smtp.helo=example.com                      | false
            spf=softfail smtp.mailfrom=example.com              | false
            auth=pass smtp.auth=Alice@example.com               | true
            auth=pass smtp.auth=bob@example.com                 | false
            auth=pass smtp.auth=alice                           | false
            arc=pass header.from=example.com                    | false
            dkim=fail header.d=example.com; spf=pass smtp.mailfrom=example.com | true
            dkim=pass header.d=example.com; dmarc=fail header.from=example.com | false
            dmarc=pass header.from=example.com; dmarc=fail header.from=other.example | false
            """)
    void vouchesForTheFrom(String results, boolean authenticated) throws Exception {
        assertThat(find("mx.example.com", "Authentication-Results: mx.example.com; " + results))
                .isEqualTo(authenticated);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "example.com, mail.example.com, true",
        "example.com, a.b.example.com, true",
        "b.example.com, a.b.example.com, true",
        "user1.example.com, example.com, false",
        "other.example.com, mail.example.com, false",
        "badexample.com, example.com, false",
        "ample.com, example.com, false",
        "com, example.com, false",
        "example.co.uk, mail.example.co.uk, true",
        "co.uk, example.co.uk, false",
        "uk, example.co.uk, false",
        "github.io, alice.github.io, false",
        "alice.github.io, mail.alice.github.io, true",
        "corp.local, mail.corp.local, true",
        "local, corp.local, false",
        "xn--fiqs8s, example.xn--fiqs8s, false",
        ", example.com, false",
    })
    void theSameDomainIsAlignedAndOneAboveItInTheSameOrganisation(String domain, String from, boolean aligned) {
        assertThat(Authentication.isAligned(domain, from)).isEqualTo(aligned);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authentication-Results: " + PASS,
                "AUTHENTICATION-RESULTS: MX.EXAMPLE.COM; dmarc=pass header.from=example.com",
                "X-A: 1\r\nReceived: local\r\nAuthentication-Results: other; dmarc=fail\r\nAuthentication-Results: "
                        + PASS,
                "Authentication-Results: mx.example.com; spf=none\r\nX-Spam: no\r\nAuthentication-Results: " + PASS,
                "Authentication-Results: " + PASS
                        + "\r\nReceived: x\r\nAuthentication-Results: mx.example.com; dmarc=fail header.from=example.com",
            })
    void countsWhatTheServerAddedAtTheTop(String headers) throws Exception {
        assertThat(find("mx.example.com", headers)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: 1",
                "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.com",
                "X-Authentication-Results: " + PASS,
                "ARC-Authentication-Results: i=1; " + PASS,
                "Authentication-Results: mx.example.com; none\r\nReceived: x\r\nAuthentication-Results: " + PASS,
                "Authentication-Results: mx.example.com 2; none\r\nAuthentication-Results: " + PASS,
                "Authentication-Results: mx.example.com; ???\r\nAuthentication-Results: " + PASS,
                "Authentication-Results: dmarc=pass header.from=example.com",
            })
    void countsNothingElse(String headers) throws Exception {
        assertThat(find("mx.example.com", headers)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=none (message not signed) header.d=none;dmarc=pass action=none header.from=example.com;compauth=pass reason=100 | true
            spf=fail smtp.mailfrom=example.com; dkim=none header.d=none;dmarc=fail action=oreject header.from=example.com;compauth=fail reason=000 | false
            mx.evil.example; dmarc=pass header.from=example.com | false
            dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=example.com; | false
            """)
    void microsoft365WritesNoName(String value, boolean authenticated) throws Exception {
        String below = "\r\nAuthentication-Results: dmarc=pass header.from=example.com";

        assertThat(find("microsoft365", "Authentication-Results: " + value + below))
                .isEqualTo(authenticated);
    }

    @Test
    void withoutAuthenticationEveryFromIsBelieved() throws Exception {
        Authentication none = new Authentication(MailFixture.settings(Map.of("caravan.mail.authentication", "none")));

        assertThat(none.find(headers("X-A: 1"), alice()).authenticated()).isTrue();
    }

    @Test
    void withoutATrustedServerNothingIsBelieved() throws Exception {
        assertThat(new Authentication(MailFixture.settings(Map.of()))
                        .find(headers("Authentication-Results: " + PASS), alice()))
                .isEqualTo(new Authentication.Finding(
                        false,
                        "caravan.mail.trusted-authserv-id is empty: set it to the name with which your mail server begins"
                                + " its Authentication-Results headers"));
    }

    private static boolean find(String trusted, String headers) throws Exception {
        return new Authentication(MailFixture.settings(Map.of("caravan.mail.trusted-authserv-id", trusted)))
                .find(headers(headers), alice())
                .authenticated();
    }

    private static Address alice() {
        return new Address("alice", "example.com");
    }

    private static Headers headers(String headers) throws Exception {
        byte[] bytes = (headers + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        return Headers.of(
                new jakarta.mail.internet.MimeMessage(LenientMail.session(), new ByteArrayInputStream(bytes)));
    }
}
