package io.github.ticketcaravan.wiring;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.http.HttpEndpoint;

/** Finds at the start the misspellings that Camel would only stumble over with an update in its hands. */
final class RouteCheck {

    private RouteCheck() {}

    /** What went wrong and, where that is not told, what it comes from, on one line. */
    static String because(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String origin = root.getMessage() == null ? root.toString() : root.getMessage();
        return (message.contains(origin) ? message : message + ": " + origin)
                .strip()
                .replaceAll("\\s+", " ");
    }

    /**
     * @param helpDesk its base URL
     * @throws IllegalStateException naming what does not exist
     */
    static void check(CamelContext context, String helpDesk) {
        Set<String> begun = context.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri())
                .collect(Collectors.toSet());
        for (Endpoint endpoint : context.getEndpoints()) {
            if (endpoint instanceof DirectEndpoint direct && !begun.contains(direct.getEndpointUri())) {
                throw new IllegalStateException(
                        "no route begins with " + direct.getEndpointUri().replace("direct://", "direct:"));
            }
            // The component takes what it does not know for a part of the request; only the help desk's has none.
            if (endpoint instanceof HttpEndpoint http
                    && http.getHttpUri().toString().startsWith(helpDesk + "/api/")
                    && http.getHttpUri().getRawQuery() != null) {
                throw new IllegalStateException(
                        "the endpoint " + http.getHttpUri().getPath() + " has no such option: "
                                + http.getHttpUri().getRawQuery());
            }
        }
    }
}
