package io.github.ticketcaravan.ledger;

import com.zaxxer.hikari.HikariConfig;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the connections to the ledger's database are set up.
 *
 * <p>PostgreSQL's driver would wait without end for a server that falls silent. So the server ends a statement after
 * {@value #STATEMENT_SECONDS} s, and a connection without a sign of the server is given up soon after; every statement
 * is far quicker, but for those that go through a whole import, which have {@value #LONG_SECONDS} s. Whatever
 * {@code caravan.ledger.url} says of this wins.
 */
final class Pool {

    static final int STATEMENT_SECONDS = 50;
    static final int SOCKET_SECONDS = 60;

    /** A count over ten million rows on a slow disk takes minutes, during which the server says nothing. */
    static final int LONG_SECONDS = 900;

    private static final int CONNECT_SECONDS = 10;
    private static final int LOGIN_SECONDS = 15;

    /**
     * In SQL, since poolers refuse {@code options} when they are connected to. The server looks after a client that is
     * gone too, for the sake of the locks which that one has.
     */
    private static final String AT_THE_SERVER = "select set_config('statement_timeout', '" + STATEMENT_SECONDS
            + "s', false) where current_setting('statement_timeout') = '0';"
            + " set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";

    private static final Pattern LOGIN_TIMEOUT = Pattern.compile("[?&]loginTimeout=(\\d{1,6})(&|$)");

    private Pool() {}

    static HikariConfig of(String url) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("ledger");
        pool.setMinimumIdle(1);
        pool.setMaximumPoolSize(5);
        pool.setInitializationFailTimeout(1);
        pool.setJdbcUrl(url);
        if (Database.isSqlite(url)) {
            pool.addDataSourceProperty("journal_mode", "WAL");
            pool.addDataSourceProperty("synchronous", "FULL");
            pool.addDataSourceProperty("foreign_keys", "true");
            pool.addDataSourceProperty("busy_timeout", "10000");
        } else {
            // In the driver what the URL says goes before these.
            pool.addDataSourceProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
            pool.addDataSourceProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
            pool.addDataSourceProperty("socketTimeout", Integer.toString(SOCKET_SECONDS));
            pool.addDataSourceProperty("tcpKeepAlive", "true");
            pool.setConnectionInitSql(AT_THE_SERVER);
            pool.setConnectionTimeout(TimeUnit.SECONDS.toMillis(loginSeconds(url)));
        }
        return pool;
    }

    /** Whoever waits for a connection waits no longer than a login takes. */
    private static int loginSeconds(String url) {
        Matcher own = LOGIN_TIMEOUT.matcher(url);
        return own.find() ? Math.max(1, Integer.parseInt(own.group(1))) : LOGIN_SECONDS;
    }
}
