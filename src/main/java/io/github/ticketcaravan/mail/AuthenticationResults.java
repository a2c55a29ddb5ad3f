package io.github.ticketcaravan.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Authentication-Results} header field, by the grammar of RFC 8601, section 2.2: comments, quoted strings,
 * version, several results. Beyond it only what Microsoft 365 writes is taken: a field without an authserv-id, and
 * properties without a type ({@code action=none}).
 *
 * @param authservId who speaks; null where the field begins with a result
 * @param results in the order given; none for {@code none}
 */
record AuthenticationResults(@Nullable String authservId, List<Result> results) {

    private static final int LONGEST = 20_000;
    private static final int DEEPEST_COMMENT = 20;

    /**
     * What one method found.
     *
     * @param method such as {@code dkim}, in lower case
     * @param result such as {@code pass}, in lower case
     * @param properties such as {@code header.d} in lower case, with its value as it is written
     */
    record Result(String method, String result, Map<String, String> properties) {

        boolean is(String wantedMethod, String wantedResult) {
            return method.equals(wantedMethod) && result.equals(wantedResult);
        }
    }

    /** Null where it does not follow the grammar, so that nothing in it can be believed. */
    static @Nullable AuthenticationResults parse(String value) {
        if (value.length() > LONGEST) {
            return null;
        }
        try {
            return new Grammar(value).field();
        } catch (NotOfTheGrammar e) {
            return null;
        }
    }

    /** The authserv-id alone, also of a field whose remainder does not follow the grammar; null where there is none. */
    static @Nullable String authservId(String value) {
        try {
            return value.length() > LONGEST ? null : new Grammar(value).authservId();
        } catch (NotOfTheGrammar e) {
            return null;
        }
    }

    private static final class NotOfTheGrammar extends Exception {

        private static final long serialVersionUID = 1L;
    }

    /** Reads from the left, each character once. */
    private static final class Grammar {

        private final String text;
        private int at;

        Grammar(String text) {
            this.text = text;
        }

        AuthenticationResults field() throws NotOfTheGrammar {
            String id = authservId();
            if (id != null) {
                version();
                if (atEnd()) {
                    // Neither a result nor "none": some servers write it so, and it says nothing.
                    return new AuthenticationResults(id, List.of());
                }
                expect(';');
            }
            List<Result> results = new ArrayList<>();
            skip();
            if (isNone()) {
                return new AuthenticationResults(id, List.of());
            }
            while (!atEnd()) {
                results.add(result());
                skip();
                if (!atEnd()) {
                    expect(';');
                    skip();
                }
            }
            return new AuthenticationResults(id, List.copyOf(results));
        }

        /** Null, and nothing is read, where a result comes first. */
        @Nullable
        String authservId() throws NotOfTheGrammar {
            skip();
            int start = at;
            String id = value();
            skip();
            if (peek() == '=' || peek() == '/') {
                at = start;
                return null;
            }
            return id.toLowerCase(Locale.ROOT);
        }

        /** One that is not 1 means a grammar that we do not know. */
        private void version() throws NotOfTheGrammar {
            if (!atEnd() && peek() != ';') {
                if (!value().equals("1")) {
                    throw new NotOfTheGrammar();
                }
                skip();
            }
        }

        private boolean isNone() throws NotOfTheGrammar {
            int start = at;
            if (!atEnd() && isToken(peek()) && value().equalsIgnoreCase("none")) {
                skip();
                if (atEnd()) {
                    return true;
                }
            }
            at = start;
            return false;
        }

        private Result result() throws NotOfTheGrammar {
            String method = keyword();
            skip();
            if (peek() == '/') {
                at++;
                skip();
                if (!keyword().equals("1")) {
                    throw new NotOfTheGrammar();
                }
                skip();
            }
            expect('=');
            skip();
            String result = keyword();
            Map<String, String> properties = new LinkedHashMap<>();
            skip();
            while (!atEnd() && peek() != ';') {
                property(properties);
                skip();
            }
            return new Result(method, result, properties);
        }

        private void property(Map<String, String> properties) throws NotOfTheGrammar {
            String name = keyword();
            skip();
            if (peek() == '.') {
                at++;
                skip();
                name = name + "." + keyword();
                skip();
            }
            expect('=');
            skip();
            String value = propertyValue();
            String before = properties.put(name, value);
            if (before != null && !before.equals(value)) {
                throw new NotOfTheGrammar();
            }
        }

        private String keyword() throws NotOfTheGrammar {
            int start = at;
            while (!atEnd() && isKeyword(peek())) {
                at++;
            }
            if (at == start) {
                throw new NotOfTheGrammar();
            }
            return text.substring(start, at).toLowerCase(Locale.ROOT);
        }

        /** A MIME token or a quoted string. */
        private String value() throws NotOfTheGrammar {
            if (peek() == '"') {
                return quoted();
            }
            int start = at;
            while (!atEnd() && isToken(peek())) {
                at++;
            }
            if (at == start) {
                throw new NotOfTheGrammar();
            }
            return text.substring(start, at);
        }

        /** A value, a domain or an address, whose local part may be quoted; Base64 is written without quotes too. */
        private String propertyValue() throws NotOfTheGrammar {
            var value = new StringBuilder();
            while (!atEnd()) {
                char c = peek();
                if (c == '"') {
                    value.append(quoted());
                } else if (isToken(c)
                        || c == '@'
                        || c == '/'
                        || c == '='
                        || c == ':'
                        || c == '<'
                        || c == '>'
                        || c == '['
                        || c == ']') {
                    value.append(c);
                    at++;
                } else {
                    break;
                }
            }
            return value.toString();
        }

        private String quoted() throws NotOfTheGrammar {
            var content = new StringBuilder();
            for (at++; !atEnd() && peek() != '"'; at++) {
                if (peek() == '\\') {
                    at++;
                    if (atEnd()) {
                        break;
                    }
                }
                content.append(peek());
            }
            expect('"');
            return content.toString();
        }

        /** White space and comments. */
        private void skip() throws NotOfTheGrammar {
            int depth = 0;
            while (!atEnd()) {
                char c = peek();
                if (c == '(') {
                    if (++depth > DEEPEST_COMMENT) {
                        throw new NotOfTheGrammar();
                    }
                } else if (depth > 0 && c == ')') {
                    depth--;
                } else if (depth > 0 && c == '\\') {
                    at++;
                } else if (depth == 0 && c != ' ' && c != '\t') {
                    return;
                }
                at++;
            }
            if (depth > 0) {
                throw new NotOfTheGrammar();
            }
        }

        private void expect(char expected) throws NotOfTheGrammar {
            if (peek() != expected) {
                throw new NotOfTheGrammar();
            }
            at++;
        }

        private boolean atEnd() {
            return at >= text.length();
        }

        /** 0 at the end. */
        private char peek() {
            return atEnd() ? 0 : text.charAt(at);
        }

        private static boolean isKeyword(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }

        /** RFC 2045: printable, and none of the specials. Beyond ASCII, RFC 8601 allows what RFC 6532 does. */
        private static boolean isToken(char c) {
            return c > ' ' && c != 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
        }
    }
}
