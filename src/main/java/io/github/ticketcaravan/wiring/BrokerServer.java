package io.github.ticketcaravan.wiring;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.io.SequentialFile;
import org.apache.activemq.artemis.core.io.SequentialFileFactory;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFile;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.paging.PagingStoreFactory;
import org.apache.activemq.artemis.core.paging.impl.PagingStoreFactoryNIO;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/**
 * Artemis, which does not confirm a message whose page could not be written.
 *
 * <p>Artemis 2.55 does: its file takes a part of a message for all of it where the disk becomes full, and reports an
 * error of writing to the server, which stops, but not to the page. Its journal is safe, for its files are filled first.
 */
final class BrokerServer extends ActiveMQServerImpl {

    BrokerServer(Configuration configuration, ActiveMQSecurityManager security) {
        super(configuration, security);
    }

    @Override
    protected PagingStoreFactory getPagingStoreFactory() {
        Configuration configuration = getConfiguration();
        return new PagingStoreFactoryNIO(
                getStorageManager(),
                configuration.getPagingLocation(),
                configuration.getPageSyncTimeout(),
                getScheduledPool(),
                pageExecutorFactory,
                configuration.isJournalSyncNonTransactional(),
                ioCriticalErrorListener,
                configuration::isPurgePageFolders) {

            @Override
            protected SequentialFileFactory newFileFactory(String name) {
                return new NIOSequentialFileFactory(new File(getDirectory(), name), false, ioCriticalErrorListener, 1) {

                    @Override
                    public SequentialFile createSequentialFile(String file) {
                        return new WholeFile(this, journalDir, file);
                    }
                };
            }
        };
    }

    /** Writes all that it is given, or fails. */
    private static final class WholeFile extends NIOSequentialFile {

        WholeFile(SequentialFileFactory factory, File folder, String name) {
            super(factory, folder, name, 1);
        }

        @Override
        public void writeDirect(ByteBuffer bytes, boolean sync) throws IOException {
            try {
                position.addAndGet(bytes.limit());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (sync) {
                    sync();
                }
            } catch (IOException e) {
                factory.onIOError(new ActiveMQIOErrorException(e.getMessage(), e), e.getMessage(), this);
                throw e;
            } finally {
                factory.releaseBuffer(bytes);
            }
        }
    }
}
