package io.hybridsync.chaos;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Orders for a process that hears nobody: for brokers, whoever started them. They are in a file that the test and the broker
 * have mapped; the broker looks at every access whether there is a new one.
 *
 * <pre>
 *   0        8        16       24       32       40
 *   +--------+--------+--------+--------+--------+--------+
 *   | epoch  | deaths | number | side   | number | side   |
 *   +--------+--------+--------+--------+--------+--------+
 *                     |  of the first   |  of the second  |
 *
 *   epoch: of the order, 0 for none; it counts from the access on that sees it
 *   deaths: how many brokers have obeyed; after the first it is the second order that counts, from the successor's first
 *           access on
 * </pre>
 *
 * The environment names the file, and a broker inherits it from the client that starts it.
 */
final class Control {

    /** The variable that names the file; next to it are the brokers' {@link BlackBox}es. */
    static final String VARIABLE = "HYBRID_SYNC_CHAOS";

    private static final int EPOCH = 0;
    private static final int DEATHS = 8;
    private static final int ORDERS = 16;
    private static final int ORDER_BYTES = 16;
    private static final int BYTES = ORDERS + 2 * ORDER_BYTES;

    private final MappedByteBuffer file;
    private final Path path;

    private Control(MappedByteBuffer file, Path path) {
        this.file = file;
        this.path = path;
    }

    /** Opens it; it orders nothing if it was not there. */
    static Control open(Path path) {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            file.order(ByteOrder.nativeOrder());
            return new Control(file, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This process's, if it is a broker that is to obey; otherwise null. */
    static @Nullable Control ofBroker() {
        String path = System.getenv(VARIABLE);
        boolean isBroker = System.getProperty("sun.java.command", "").startsWith("io.hybridsync.broker.");
        return path == null || !isBroker ? null : open(Path.of(path));
    }

    /** Gives an order, or two, of which the second is for the next broker. */
    void give(long epoch, List<Order> orders) {
        file.putLong(DEATHS, 0);
        for (int i = 0; i < 2; i++) {
            Order order = i < orders.size() ? orders.get(i) : Order.NONE;
            file.putLong(ORDERS + i * ORDER_BYTES, order.number());
            file.putLong(ORDERS + i * ORDER_BYTES + 8, order.side() == Order.Side.AFTER ? 1 : 0);
        }
        file.putLong(EPOCH, epoch);
    }

    /** Nothing is ordered any more. */
    void end() {
        file.putLong(EPOCH, 0);
    }

    /** Of which order it is the turn; 0 if nothing is ordered. */
    long epoch() {
        return file.getLong(EPOCH);
    }

    /** How many have obeyed. */
    int deaths() {
        return (int) file.getLong(DEATHS);
    }

    /** The order that counts for this broker. */
    Order order() {
        int turn = deaths();
        if (turn > 1) {
            return Order.NONE;
        }
        int number = (int) file.getLong(ORDERS + turn * ORDER_BYTES);
        boolean after = file.getLong(ORDERS + turn * ORDER_BYTES + 8) != 0;
        Order.Side side = after ? Order.Side.AFTER : Order.Side.BEFORE;
        return number == 0 ? Order.NONE : new Order(Order.Whose.OWN, number, side, Order.SIGKILL);
    }

    /** A broker is about to obey. */
    void obeyed() {
        file.putLong(DEATHS, deaths() + 1);
    }

    /** What the broker writes down that comes after so many deaths. */
    BlackBox box(int deaths) {
        return BlackBox.open(requireNonNull(path.getParent()).resolve(path.getFileName() + ".box" + deaths));
    }

    /** What all brokers since the order was given have written down. */
    List<BlackBox> boxes() {
        return IntStream.rangeClosed(0, deaths()).mapToObj(this::box).toList();
    }
}
