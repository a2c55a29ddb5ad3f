package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.mail.AccessTokens;
import jakarta.mail.PasswordAuthentication;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.component.mail.MailAuthenticator;
import org.jspecify.annotations.Nullable;

/** How we are let in: by password, or by an access token in its place (XOAUTH2). Safe for several threads. */
final class MailLogin extends MailAuthenticator {

    private final @Nullable String username;
    private final @Nullable String password;
    private final @Nullable AccessTokens tokens;

    /** @param username null: no login at all */
    MailLogin(@Nullable String username, @Nullable String password, @Nullable AccessTokens tokens) {
        this.username = username;
        this.password = password;
        this.tokens = tokens;
    }

    @Override
    public PasswordAuthentication getPasswordAuthentication() {
        try {
            return new PasswordAuthentication(
                    username, tokens == null || username == null ? password : tokens.current());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The server has refused it; the next token is fetched anew. */
    void refused() {
        if (tokens != null) {
            tokens.forget();
        }
    }
}
