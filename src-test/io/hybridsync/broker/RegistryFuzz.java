package io.hybridsync.broker;

import io.hybridsync.wire.CodecFuzz;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Any sequence of messages to the broker's state: it throws nothing, and when all who spoke have gone nothing of them is
 * left. The input is records of {client, number, length, fields}. A client that got itself expelled is followed by another
 * one; number 0 is a death, and 255 an end of a connection whose client lives on.
 */
public final class RegistryFuzz {

    private static final int CLIENTS = 3;
    private static final long HEAP = 1 << 20;
    private static final int DEATH = 0;
    private static final int LOSS = 255;

    private final Bench bench = new Bench(Options.defaults().withQuotas(CLIENTS * 100, 20, 20, HEAP, 1 << 20).withWaits(20));
    private final List<Long> clients = new ArrayList<>();
    private final List<Integer> lost = new ArrayList<>();

    private RegistryFuzz() {}

    /** See the class. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        new RegistryFuzz().run(bytes);
    }

    private void run(byte[] bytes) {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(bench.client());
        }
        int at = 0;
        while (at + 3 <= bytes.length) {
            int length = Math.min(bytes[at + 2] & 0xff, bytes.length - at - 3);
            event((bytes[at] & 0xff) % CLIENTS, bytes[at + 1] & 0xff, bytes, at + 3, length);
            at += 3 + length;
        }
        clients.forEach(this::die);
        lost.forEach(bench.registry::died);
        bench.requireNothing(HEAP);
    }

    private void event(int index, int number, byte[] bytes, int from, int length) {
        long client = clients.get(index);
        int id = bench.id(client);
        switch (number) {
            case DEATH -> die(client);
            case LOSS -> {
                bench.registry.ended(client, false);
                lost.add(id);
            }
            default -> {
                Message message = CodecFuzz.message(number, bytes, from, length);
                if (message != null) {
                    bench.say(client, message);
                }
            }
        }
        if (bench.id(client) == 0) {
            lost.add(id);
            clients.set(index, bench.client());
        }
        bench.registry.roomAgain();
        bench.settle();
    }

    private void die(long client) {
        int id = bench.id(client);
        bench.registry.ended(client, true);
        bench.alive.remove(id);
        bench.settle();
    }
}
