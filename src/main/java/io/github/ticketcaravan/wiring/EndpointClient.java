package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.EndpointSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client's own headers, who we are and how we are let in, and how long an attempt may last.
 *
 * <p>They are set here and not in the message, so that no route, log or dead letter ever sees a secret.
 */
final class EndpointClient implements HttpClientConfigurer {

    private final EndpointSettings settings;
    private final String userAgent;

    EndpointClient(EndpointSettings settings, String userAgent) {
        this.settings = settings;
        this.userAgent = userAgent;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        List<Header> headers = new ArrayList<>();
        add(headers, "X-Auth-Token", settings.token());
        add(headers, "X-Auth-Secret", settings.secret());
        add(headers, "X-Auth-Application", settings.application());
        add(headers, "X-Sirportly-Rules", settings.rulesDisabled() ? "disabled" : null);
        Duration attempt = settings.connectTimeout().plus(settings.responseTimeout());
        client.addExecInterceptorFirst("bounds", new BoundedAnswers(attempt))
                .setDefaultHeaders(headers)
                .setUserAgent(userAgent)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression();
    }

    private static void add(List<Header> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(new BasicHeader(name, value));
        }
    }
}
