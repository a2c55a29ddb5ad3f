package io.github.ticketcaravan.wiring;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * As many threads as there may be requests at once. What one of them is given by itself it does at once, so an update
 * passes its routes on one thread, and only a retry, which comes from another, waits for one again.
 */
final class RequestThreads extends ThreadPoolExecutor {

    RequestThreads(int concurrency) {
        super(concurrency, concurrency, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
        setThreadFactory(RequestThread::new);
    }

    @Override
    public void execute(Runnable work) {
        if (Thread.currentThread() instanceof RequestThread thread && thread.belongsTo(this)) {
            work.run();
        } else {
            super.execute(work);
        }
    }

    /** Does it when its turn comes, whoever asks: an inquiry that waits must not hold the update that caused it. */
    void queue(Runnable work) {
        super.execute(work);
    }

    private final class RequestThread extends Thread {

        RequestThread(Runnable work) {
            super(work, "request");
            setDaemon(true);
        }

        boolean belongsTo(RequestThreads threads) {
            return RequestThreads.this == threads;
        }
    }
}
