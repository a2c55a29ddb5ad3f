package io.github.ticketcaravan.wiring;

import java.time.Duration;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;

/**
 * Camel's HTTP component with a pool in which a connection is taken and given back without a lock that all requests
 * share. The pool then counts connections by host, which is what {@code caravan.delivery.concurrency} needs.
 *
 * <p>Whatever else is called by HTTP, such as {@code caravan.notify.uri}, has time-outs too, which
 * {@code camel.component.http.*} can change.
 */
final class HelpDeskHttp extends HttpComponent {

    private static final long HOOK_MILLIS = 10_000;

    HelpDeskHttp() {
        setConnectTimeout(HOOK_MILLIS);
        setResponseTimeout(HOOK_MILLIS);
        setSoTimeout(HOOK_MILLIS);
        setHttpClientConfigurer(client -> client.addExecInterceptorFirst(
                "bounds", new BoundedAnswers(Duration.ofMillis(getConnectTimeout() + getResponseTimeout()))));
    }

    @Override
    protected HttpClientConnectionManager createConnectionManager(
            TlsSocketStrategy tls, int most, int mostPerRoute, SocketConfig sockets) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(tls)
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setMaxConnPerRoute(mostPerRoute > 0 ? mostPerRoute : getConnectionsPerRoute())
                .setDefaultSocketConfig(sockets)
                .build();
    }
}
