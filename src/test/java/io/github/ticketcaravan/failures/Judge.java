package io.github.ticketcaravan.failures;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what was given with what arrived. */
final class Judge {

    private final Map<String, List<Integer>> given;
    private final Map<String, List<Integer>> arrived;

    Judge(Map<String, List<Integer>> given, Map<String, List<Integer>> arrived) {
        this.given = given;
        this.arrived = arrived;
    }

    int missing() {
        int missing = 0;
        for (Map.Entry<String, List<Integer>> ticket : given.entrySet()) {
            Set<Integer> numbers = new HashSet<>(ticket.getValue());
            arrived.getOrDefault(ticket.getKey(), List.of()).forEach(numbers::remove);
            missing += numbers.size();
        }
        return missing;
    }

    /** How often a ticket was told a number that is lower than one that it had been told. */
    int outOfOrder() {
        int behind = 0;
        for (List<Integer> numbers : arrived.values()) {
            int highest = Integer.MIN_VALUE;
            for (int number : numbers) {
                behind += number < highest ? 1 : 0;
                highest = Math.max(highest, number);
            }
        }
        return behind;
    }

    int repeated() {
        return arrived.values().stream()
                .mapToInt(numbers -> numbers.size() - new HashSet<>(numbers).size())
                .sum();
    }

    /** How many updates the ledger knows to have ended so. */
    static int outcomes(String ledger, String outcome) throws SQLException {
        try (Connection connection = DriverManager.getConnection(ledger);
                PreparedStatement statement =
                        connection.prepareStatement("select count(*) from outcome where outcome = ?")) {
            statement.setString(1, outcome);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
