package io.github.ticketcaravan.wiring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Ends each call, from the connection to the last byte of the answer, at a deadline, as a time-out.
 *
 * <p>The client's own time-outs end a silence, not an answer that drips. And the client reads an answer that is closed
 * early to its end, to use the connection again; here that connection is closed. Safe for several threads.
 */
final class BoundedAnswers implements ExecChainHandler {

    private static final int LONGEST = 16 * 1024 * 1024;

    private final Duration longest;

    /** @param longest of a call as a whole */
    BoundedAnswers(Duration longest) {
        this.longest = longest;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Deadline deadline = new Deadline(longest, scope.execRuntime);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity body = response.getEntity();
            if (body == null) {
                deadline.met();
            } else {
                response.setEntity(new Body(body, deadline));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException | Error e) {
            if (deadline.isMissed()) {
                throw deadline.timeout(e);
            }
            throw e;
        }
    }

    /** Closes the connection when its time has come, which ends whatever a thread does with it. */
    private static final class Deadline {

        private final Duration longest;
        private final ExecRuntime connection;
        private final CompletableFuture<Void> met = new CompletableFuture<>();

        Deadline(Duration longest, ExecRuntime connection) {
            this.longest = longest;
            this.connection = connection;
            var unused = met.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((all, missed) -> {
                        if (missed != null) {
                            connection.discardEndpoint();
                        }
                    });
        }

        void met() {
            met.complete(null);
        }

        /** Whether it is over; if not, the call has ended and there is nothing to wait for any more. */
        boolean isMissed() {
            met();
            return met.isCompletedExceptionally();
        }

        void disconnect() {
            met();
            connection.discardEndpoint();
        }

        SocketTimeoutException timeout(Throwable cause) {
            SocketTimeoutException timeout =
                    new SocketTimeoutException("not complete after " + longest.toMillis() + " ms");
            timeout.initCause(cause);
            return timeout;
        }
    }

    private static final class Body extends HttpEntityWrapper {

        private final Deadline deadline;

        Body(HttpEntity body, Deadline deadline) {
            super(body);
            this.deadline = deadline;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new Content(super.getContent(), deadline);
        }
    }

    private static final class Content extends FilterInputStream {

        private final Deadline deadline;
        private long length;
        private boolean ended;

        Content(InputStream content, Deadline deadline) {
            super(content);
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int most) throws IOException {
            int read;
            try {
                read = super.read(target, offset, most);
            } catch (IOException e) {
                throw deadline.isMissed() ? deadline.timeout(e) : e;
            }
            if (read < 0) {
                ended = true;
                deadline.met();
            } else {
                length += read;
            }
            if (length > LONGEST) {
                throw new IOException("the answer is longer than " + LONGEST + " bytes");
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                super.close();
            } else {
                deadline.disconnect();
            }
        }
    }
}
