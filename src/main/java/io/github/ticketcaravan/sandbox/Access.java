package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.Token;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may call what, from where. Every refusal is a 403; secrets are compared in constant time. */
final class Access {

    private record Entry(Token token, List<AddressBlock> addresses, boolean reachesTickets) {}

    private final Map<String, Entry> entries = new HashMap<>();

    Access(HelpDeskData data) {
        for (Token token : data.tokens()) {
            boolean reachesTickets = token.user() == null
                    || data.users().stream().anyMatch(user -> user.username().equals(token.user()) && user.ticketsUi());
            List<AddressBlock> addresses =
                    token.addresses().stream().map(AddressBlock::parse).toList();
            entries.put(token.token(), new Entry(token, addresses, reachesTickets));
        }
    }

    /** @param address the caller's, as a literal */
    void check(MultiMap headers, String method, String address) throws Refusal {
        String token = headers.get("X-Auth-Token");
        String secret = headers.get("X-Auth-Secret");
        if (token == null || secret == null) {
            throw new Refusal(403, "X-Auth-Token and X-Auth-Secret are needed");
        }
        Entry entry = entries.get(token);
        // A token that does not exist takes as long as one that does.
        boolean secretMatches = same(secret, entry == null ? "" : entry.token().secret());
        if (entry == null || !secretMatches || !applicationMatches(entry.token(), headers)) {
            throw new Refusal(403, "The token, its secret or its application is wrong");
        }
        if (!entry.addresses().isEmpty() && entry.addresses().stream().noneMatch(block -> block.contains(address))) {
            throw new Refusal(403, "This token may not be used from this address");
        }
        if (!entry.token().methods().isEmpty() && !entry.token().methods().contains(method)) {
            throw new Refusal(403, "This token may not be used for " + method);
        }
        if (method.startsWith("tickets/") && !entry.reachesTickets()) {
            throw new Refusal(403, "The token's user has no access to the tickets UI");
        }
    }

    private static boolean applicationMatches(Token token, MultiMap headers) {
        String application = headers.get("X-Auth-Application");
        return token.application() == null || same(application, token.application());
    }

    private static boolean same(@Nullable String given, String expected) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
