package io.hybridsync.broker;

import io.hybridsync.kernel.Errno;
import io.hybridsync.kernel.Fd;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Messages;
import io.hybridsync.wire.Wanted;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Very many messages of one record, well-formed, about objects that are there if about any. */
final class Flood {

    private static final int DIFFERENT = 20;

    private final List<Long> objects;
    private final Random random;

    /** @param objects that whoever says it has open */
    Flood(List<Long> objects, Random random) {
        this.objects = objects;
        this.random = random;
    }

    /** Every record that a client may send. */
    static List<Class<?>> records() {
        return Messages.records().stream()
                .filter(Message.FromClient.class::isAssignableFrom)
                .toList();
    }

    /** Says them, reads no answer, and ends when the broker has had enough of it. */
    void pour(TestClient bad, Class<?> record, int messages, Fd memory) {
        List<Message> all = Stream.generate(() -> Messages.of(record).sample())
                .limit(DIFFERENT)
                .map(this::aboutObjects)
                .toList();
        List<ByteBuffer> frames = all.stream().map(Codec::encode).toList();
        Fd fd = all.getFirst().carriesDescriptor() ? memory : null;
        boolean open = true;
        for (int i = 0; open && i < messages; i++) {
            open = say(bad, frames.get(i % DIFFERENT), fd);
        }
    }

    /** False when the connection has ended. */
    private static boolean say(TestClient bad, ByteBuffer frame, @Nullable Fd fd) {
        int result = bad.channel().trySend(frame, fd);
        while (result == -Errno.EAGAIN) {
            Thread.onSpinWait();
            result = bad.channel().trySend(frame, fd);
        }
        return result > 0;
    }

    private Message aboutObjects(Message message) {
        return (Message) aboutObjects((Record) message);
    }

    private Record aboutObjects(Record record) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        try {
            Constructor<? extends Record> constructor = record.getClass().getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = aboutObjects(components[i], components[i].getAccessor().invoke(record));
            }
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make another " + record, e);
        }
    }

    private Object aboutObjects(RecordComponent component, Object value) {
        return switch (value) {
            case Long ignored when component.getName().equals("object") -> objects.get(random.nextInt(objects.size()));
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Wanted ->
                list.stream().map(wanted -> aboutObjects((Record) wanted)).toList();
            default -> value;
        };
    }
}
