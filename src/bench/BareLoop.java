import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;

/**
 * What src/bench/run compares with: threads that post one form after the other over Apache HttpClient 5, and nothing
 * else. Prints the seconds of each pass. Arguments: URL, rows, passes, connections.
 */
public final class BareLoop {

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        int rows = Integer.parseInt(arguments[1]);
        int passes = Integer.parseInt(arguments[2]);
        int connections = Integer.parseInt(arguments[3]);
        try (CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .build()) {
            for (int pass = 0; pass < passes; pass++) {
                long start = System.nanoTime();
                AtomicInteger next = new AtomicInteger();
                Thread[] threads = new Thread[connections];
                for (int i = 0; i < connections; i++) {
                    threads[i] = new Thread(() -> {
                        for (int row = next.getAndIncrement(); row < rows; row = next.getAndIncrement()) {
                            post(client, url, row);
                        }
                    });
                    threads[i].start();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                System.out.println((System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static void post(CloseableHttpClient client, String url, int row) {
        HttpPost request = new HttpPost(url);
        request.setEntity(new UrlEncodedFormEntity(List.of(
                new BasicNameValuePair("ticket", "LF-" + (100_000 + row % 19_000)),
                new BasicNameValuePair("status", "Waiting for Staff"),
                new BasicNameValuePair("priority", "High"))));
        try {
            client.execute(request, response -> {
                EntityUtils.consume(response.getEntity());
                return null;
            });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
