package io.hybridsync.client;

import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a client hands over to the next broker, in the order in which it says it: a broker that reads of something
 * has heard before of what that needs.
 *
 * <pre>
 *   Hand JOURNAL       what the broker before was about to do
 *   Hand OWN           the slabs in which words of the broker's own are
 *   Hand SLAB          those in which words are, may be, or were and somebody may still sleep
 *   Hand LEDGER        what this client holds of leased semaphores
 *   HandObject         each object, and where this client uses it
 *   HandTicket         what may have been granted already, and the places that waits had in their queues
 *   HandSignal         signals of conditions that nobody has made use of yet
 *   HandedOver
 * </pre>
 *
 * <p>Slabs in which this client has nothing are let go first, so that both sides know the same of it.
 *
 * <p>By the connection's thread, while nothing else is sent. Objects may be closed meanwhile by other threads; the broker is
 * told so afterwards, and is not told at all of one that is being closed by then. None can be opened.
 */
final class Estate {

    /** How long to wait for room, at most, before the objects are looked after again; and where room cannot be waited for. */
    private static final long ROOM_NANOS = 50_000_000;

    private static final long PAUSE_NANOS = 1_000_000;

    /**
     * One thing that is said.
     *
     * @param fd goes along; stays its owner's
     */
    record Item(Message message, @Nullable Fd fd) {

        static Item of(Message message) {
            return new Item(message, null);
        }

        static Item of(Memory memory, long id, Memfd memfd) {
            return new Item(new Message.Hand(memory, id, Math.toIntExact(memfd.size())), memfd.fd());
        }
    }

    private final Slabs slabs;
    private final Keepsakes keepsakes;
    private final Ledgers ledgers;
    private final Residences residences;
    private final Requests requests;
    private final Signals signals;
    private final Delivery delivery;

    Estate(
            Slabs slabs,
            Keepsakes keepsakes,
            Ledgers ledgers,
            Residences residences,
            Requests requests,
            Signals signals,
            Delivery delivery) {
        this.slabs = slabs;
        this.keepsakes = keepsakes;
        this.ledgers = ledgers;
        this.residences = residences;
        this.requests = requests;
        this.signals = signals;
        this.delivery = delivery;
    }

    /**
     * Lets go of what is left of it where that is nothing to anybody: slabs that are empty, journals of the dead. Nothing is
     * opened meanwhile, for that is read by this thread.
     *
     * @return false when something is open, or may have been granted; or when a thread that is late may still write somewhere
     */
    boolean letGo() {
        boolean empty = residences.all().findAny().isEmpty()
                && signals.all().findAny().isEmpty()
                && requests.all().stream().noneMatch(Request::mayBeGranted);
        if (!empty || !slabs.letGo() || !ledgers.letGo()) {
            return false;
        }
        keepsakes.close();
        return true;
    }

    /**
     * Hands it over.
     *
     * @param tend looks after the objects, and says when to do so again
     * @return false when the broker cannot be told everything: it is gone, or {@code channel} was shut down
     */
    boolean handOver(Channel channel, LongSupplier tend) {
        Set<Long> inUse = residences.all().map(Residence::places).flatMap(Places::slabs).collect(Collectors.toSet());
        slabs.retain(inUse);
        keepsakes.retain(residences.all().map(Residence::homeSlab).collect(Collectors.toSet()));
        Stream<Item> memory = Stream.of(keepsakes.items(), slabs.items(), ledgers.items()).flatMap(items -> items);
        Stream<Item> objects = residences.all()
                .filter(residence -> !residence.isLeaving())
                .map(residence -> Item.of(residence.hand()));
        return Stream.of(memory, objects, tickets(), signals.all().map(Item::of), Stream.of(Item.of(new Message.HandedOver())))
                .flatMap(items -> items)
                .allMatch(item -> send(channel, item, tend));
    }

    private Stream<Item> tickets() {
        return requests.all().stream()
                .filter(Request::mayBeGranted)
                .map(request -> Item.of(new Message.HandTicket(
                        request.number(), request.ticket().orElse(Message.HandTicket.NONE))));
    }

    private boolean send(Channel channel, Item item, LongSupplier tend) {
        for (;;) {
            switch (delivery.send(channel, item)) {
                case SENT -> {
                    return true;
                }
                case GONE -> {
                    return false;
                }
                case NO_ROOM -> {
                    long most = System.nanoTime() + ROOM_NANOS;
                    boolean _ = channel.socket().awaitWritable(Math.min(most, tend.getAsLong()));
                }
                case STARVED -> {
                    long _ = tend.getAsLong();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }
}
