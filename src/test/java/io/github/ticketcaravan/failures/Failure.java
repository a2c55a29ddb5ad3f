package io.github.ticketcaravan.failures;

/** What fails under a source. Each breaks something of a {@link Scene}, and heals it. */
enum Failure {
    LEDGER_AWAY("ledger away", "PostgreSQL resets its connections and refuses new ones") {
        @Override
        void strike(Scene scene) {
            scene.ledgerWire().refuse();
        }

        @Override
        void heal(Scene scene) {
            scene.ledgerWire().mend();
        }
    },
    LEDGER_SILENT("ledger silent", "PostgreSQL answers nothing any more, and no connection is reset") {
        @Override
        void strike(Scene scene) {
            scene.ledgerWire().fallSilent();
        }

        @Override
        void heal(Scene scene) {
            scene.ledgerWire().mend();
        }
    },
    DISK_FULL("disk full", "not a byte is free on the disk of the data folder, which holds a ledger in SQLite") {
        @Override
        void strike(Scene scene) {
            scene.disk().fill();
        }

        @Override
        void heal(Scene scene) {
            scene.disk().makeRoom();
        }
    },
    BROKER_AWAY("broker away", "the broker, or the mail server, resets its connections and refuses new ones") {
        @Override
        void strike(Scene scene) {
            scene.brokerWires().forEach(wire -> wire.refuse());
        }

        @Override
        void heal(Scene scene) {
            scene.brokerWires().forEach(wire -> wire.mend());
        }
    },
    BROKER_SILENT("broker silent", "the broker, or the mail server, answers nothing, and no connection is reset") {
        @Override
        void strike(Scene scene) {
            scene.brokerWires().forEach(wire -> wire.fallSilent());
        }

        @Override
        void heal(Scene scene) {
            scene.brokerWires().forEach(wire -> wire.mend());
        }
    },
    HELP_DESK_AWAY("help desk away", "the help desk resets its connections and refuses new ones") {
        @Override
        void strike(Scene scene) {
            scene.helpDeskWire().refuse();
        }

        @Override
        void heal(Scene scene) {
            scene.helpDeskWire().mend();
        }
    };

    private final String words;
    private final String description;

    Failure(String words, String description) {
        this.words = words;
        this.description = description;
    }

    String words() {
        return words;
    }

    String description() {
        return description;
    }

    abstract void strike(Scene scene);

    abstract void heal(Scene scene);

    /** Whether work has to be given right before it: a request for a replay, say, is written to the disk too. */
    boolean isOnDisk() {
        return this == DISK_FULL;
    }

    /** Whether the ledger has to be one that can be away: SQLite's is a file. */
    boolean needsPostgreSql() {
        return this == LEDGER_AWAY || this == LEDGER_SILENT;
    }
}
