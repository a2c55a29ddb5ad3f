package io.github.ticketcaravan.csv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file's bytes as they are on disk, from the first, counted and hashed on the way. */
final class RawBytes extends InputStream {

    private final FileChannel channel;
    private final MessageDigest digest;
    private volatile long count;

    RawBytes(FileChannel channel) {
        this.channel = channel;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        long position = count;
        int read = channel.read(ByteBuffer.wrap(target, offset, length), position);
        if (read > 0) {
            digest.update(target, offset, read);
            count = position + read;
        }
        return read;
    }

    /** GZIPInputStream asks, to know whether another member follows. */
    @Override
    public int available() throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, channel.size() - count);
    }

    /** How many were read; safe to ask from another thread. */
    long count() {
        return count;
    }

    /** The hash of all bytes, those included that nobody has read yet. */
    String sha256() throws IOException {
        byte[] rest = new byte[8192];
        while (read(rest, 0, rest.length) >= 0) {
            // reading is what hashes them
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
