package io.github.ticketcaravan.wiring;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A RabbitMQ of our own on free ports of loopback, with the queues of {@code rabbitmq/definitions.json}. */
final class Rabbitmq implements AutoCloseable {

    static final String USER = "caravan";
    static final String PASSWORD = "let me in";

    private final Path folder;
    private final int port = free();
    private final Map<String, String> environment;
    private final List<Process> processes = new ArrayList<>();

    Rabbitmq(Path folder) throws IOException {
        this.folder = folder;
        Path configuration = Files.writeString(
                folder.resolve("rabbitmq.conf"),
                String.join(
                        "\n",
                        "listeners.tcp.1 = 127.0.0.1:" + port,
                        "load_definitions = "
                                + Path.of("src/test/resources/rabbitmq/definitions.json")
                                        .toAbsolutePath(),
                        "log.console = false",
                        ""));
        Path plugins = Files.writeString(folder.resolve("enabled_plugins"), "[rabbitmq_amqp1_0].");
        environment = Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(free())),
                Map.entry("RABBITMQ_NODENAME", "caravan" + port + "@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(free())),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} +S 1 +A 4"),
                Map.entry("RABBITMQ_CONFIG_FILE", configuration.toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString()),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()));
        // Else the broker starts it, as a process of nobody's.
        processes.add(start(Path.of("/usr/bin/epmd")));
        processes.add(start(program().orElseThrow()));
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    /** Where its program is; empty where no version with the plug-in for AMQP 1.0 is installed. */
    static Optional<Path> program() throws IOException {
        Path versions = Path.of("/usr/lib/rabbitmq/lib");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(versions, "rabbitmq_server-3.*")) {
            for (Path version : found) {
                return Optional.of(version.resolve("sbin/rabbitmq-server"));
            }
        }
        return Optional.empty();
    }

    private Process start(Path program, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("start.log").toFile()))
                .start();
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "amqp://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
