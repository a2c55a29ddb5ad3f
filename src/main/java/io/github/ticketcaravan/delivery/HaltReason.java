package io.github.ticketcaravan.delivery;

/** Why every update would be refused, and which keys to mend. */
final class HaltReason {

    private HaltReason() {}

    static String of(Answer answer) {
        int status = answer.status();
        String answered = "The help desk answered HTTP " + status + " (" + answer.said() + ")";
        if (status / 100 == 3) {
            String where = answer.location() == null ? "elsewhere" : "to " + answer.location();
            return "The help desk answered HTTP " + status + ", a redirect " + where
                    + ", which is not followed since it would carry the secret along: mend caravan.endpoint.url";
        }
        if (status == 401 || status == 403) {
            return answered + ": mend caravan.endpoint.token, caravan.endpoint.secret or caravan.endpoint.application,"
                    + " or have this address and the method tickets/update allowed for them";
        }
        return answered + ": there is no help desk's API at this address; mend caravan.endpoint.url";
    }
}
