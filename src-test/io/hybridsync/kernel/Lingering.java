package io.hybridsync.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A socket whose last close takes an hour, unless its peer is closed before: it has not sent all, and lingers. */
public final class Lingering implements AutoCloseable {

    private static final int HOUR_SECONDS = 3600;
    private static final Path FDS = Path.of("/proc/self/fd");

    private final SocketChannel socket;
    private final SocketChannel peer;

    private Lingering(SocketChannel socket, SocketChannel peer) {
        this.socket = socket;
        this.peer = peer;
    }

    /** Makes the JDK open those descriptors that it keeps for all its sockets: before what is open is counted. */
    public static void load() {
        try {
            open().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Lingering open() {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel socket = SocketChannel.open(server.getLocalAddress());
            SocketChannel peer = server.accept();
            socket.setOption(StandardSocketOptions.SO_LINGER, HOUR_SECONDS);
            socket.configureBlocking(false);
            ByteBuffer much = ByteBuffer.allocate(1 << 20);
            while (socket.write(much.clear()) > 0) {
                Thread.onSpinWait();
            }
            return new Lingering(socket, peer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its descriptor, to be passed on; it stays this object's. */
    public Fd give() {
        try (Stream<Path> fds = Files.list(FDS)) {
            String name = "socket:[" + inode() + "]";
            Path own = fds.filter(fd -> name.equals(target(fd))).findFirst().orElseThrow();
            return new Fd(Integer.parseInt(own.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By its port: the tenth word of its line. */
    private String inode() throws IOException {
        int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        String local = ":%04X".formatted(port);
        return Stream.of("tcp", "tcp6")
                .map(table -> Path.of("/proc/net", table))
                .flatMap(Lingering::lines)
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .filter(words -> words.get(1).endsWith(local))
                .findFirst()
                .orElseThrow()
                .get(9);
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Whoever has been sent it is the last one from here on. */
    public void letGo() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        peer.close();
        socket.close();
    }
}
