/**
 * This process's side of a domain: the connection to the broker, the slabs that it has mapped, the private portions of the
 * objects that it has open, and their handles.
 *
 * <p>Every open domain is a client of its own ({@link io.hybridsync.client.Client}), with an id from the broker. One daemon
 * thread reads what the broker says; requests wait for their answer on the thread that asks. Operations on objects never
 * come here: they are in the room {@code object}, and touch memory only. {@code Residence} is what happens when one of them
 * finds that the word has moved, or is the broker's own; {@code Places} are where the word was told to be and was seen.
 * {@code Dispatch} tells for whom each thing is that the broker says, {@code Outbox} keeps in order what is said to it.
 *
 * <p>A wait that memory alone cannot do, as one for several objects at once, is one request that is answered some day:
 * {@code BrokerWait}. Time-outs, interrupts and closed handles withdraw it, and the one answer decides. The conditions of a
 * mutex are queues at the broker, and waits of that kind too: {@link io.hybridsync.client.SignalQueue}.
 *
 * <p>No thread holds a monitor while it waits for the broker, for it might be a virtual one.
 *
 * <p>What it holds of leased semaphores a client writes into {@code Ledgers}, memory that it shares with the broker alone.
 *
 * <p>What a client needs so that it can register all it holds with another broker is kept on this side: the ids, the
 * specifications, the places, the slabs' file descriptors, and every request until it is answered. When the broker dies,
 * {@code Succession} finds or starts the next one and hands over the {@code Estate}.
 */
@NullMarked
package io.hybridsync.client;

import org.jspecify.annotations.NullMarked;
