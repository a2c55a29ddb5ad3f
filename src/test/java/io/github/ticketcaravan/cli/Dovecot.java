package io.github.ticketcaravan.cli;

import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.mail.LenientMail;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Dovecot of our own: its configuration, mails and port are this test's, and it needs no privileges. */
final class Dovecot implements AutoCloseable {

    private static final int NOBODY = 65_534;

    private final Path folder;
    private final int port;
    private Process process;

    Dovecot(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String name : List.of("run", "state", "home")) {
            Files.createDirectory(folder.resolve(name));
        }
        boolean root = id("-u").equals("0");
        Files.writeString(
                folder.resolve("dovecot.conf"),
                Files.readString(Cli.PROJECT.resolve("src/test/resources/mail-server/dovecot.conf"))
                        .replace("THEFOLDER", folder.toString())
                        .replace("THEPORT", Integer.toString(port))
                        .replace("THEUSER", root ? "nobody" : id("-un"))
                        .replace("THEGROUP", root ? "nogroup" : id("-gn"))
                        .replace("THEUID", root ? Integer.toString(NOBODY) : id("-u"))
                        .replace("THEGID", root ? Integer.toString(NOBODY) : id("-g")));
        if (root) {
            run("chown", "-R", "nobody:nogroup", folder.toString());
            run("chmod", "o+x", folder.getParent().toString());
        }
        start();
    }

    /** Where its program is; empty where it is not installed. */
    static Optional<Path> program() {
        return Stream.of("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (id("-u").equals("0")) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(
                program().orElseThrow().toString(),
                "-F",
                "-c",
                folder.resolve("dovecot.conf").toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("start.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.getInputStream().read() == '*';
            }
        });
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    int port() {
        return port;
    }

    void deliver(String... mails) throws MessagingException {
        try (Store store = connect()) {
            Folder inbox = store.getFolder("INBOX");
            for (String mail : mails) {
                Message message = new MimeMessage(
                        LenientMail.session(), new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8)));
                message.setFlags(new Flags(), true);
                inbox.appendMessages(new Message[] {message});
            }
        }
    }

    /** How many mails a folder has; none if there is no such folder. */
    int count(String name) throws MessagingException {
        try (Store store = connect()) {
            Folder found = store.getFolder(name);
            return found.exists() ? found.getMessageCount() : 0;
        }
    }

    /** The Message-IDs of the mails in a folder; none if there is no such folder. */
    List<String> in(String name) throws MessagingException {
        try (Store store = connect()) {
            Folder found = store.getFolder(name);
            if (!found.exists()) {
                return List.of();
            }
            found.open(Folder.READ_ONLY);
            List<String> ids = new ArrayList<>();
            for (Message message : found.getMessages()) {
                ids.add(MailServer.messageId((MimeMessage) message));
            }
            return ids;
        }
    }

    private Store connect() throws MessagingException {
        Store store = LenientMail.session().getStore("imap");
        store.connect("127.0.0.1", port, MailServer.LOGIN, MailServer.PASSWORD);
        return store;
    }

    private static String id(String option) throws IOException, InterruptedException {
        return run("id", option).strip();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
