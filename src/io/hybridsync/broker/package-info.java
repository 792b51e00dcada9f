/**
 * The broker: the small process that owns what the processes of a domain cannot own in common. Names, ids and tokens;
 * which slots of shared memory are free; who is connected, who is alive, who has what open. It is asked when an object
 * is opened or closed, and not when it is used; but for what memory cannot do: to take all of many objects at once, to
 * wait for very many of them, to let processes have their turn strictly in order.
 *
 * <p>One thread has all the state, so there are no locks here, and no message is dealt with while another one is.
 *
 * <ul>
 *   <li>{@link io.hybridsync.broker.Broker} is that thread: one epoll, timers, and what ends it.
 *   <li>{@code Seat} is what makes a process the broker: the lock, the socket, the file that tells who is alive. What
 *       somebody takes away is made again.
 *   <li>{@code Reception} takes connections, {@code Connections} carries messages between them and the state, {@code
 *       Deaths} finds out what the end of a connection means.
 *   <li>{@code Registry} is the state, and knows nothing of all that: a message comes in, {@code Effects} go out. Its
 *       essay tells who owns what, what may be said when, and what a death does. {@code Openings} tells what a request
 *       does.
 *   <li>{@code Groups} are the sets of clients that share memory; {@code Movers} keeps each object in the memory of
 *       exactly its holders, {@code Move} tells step by step how, {@code Retirements} when an old place is free.
 *   <li>{@code Waits} answers those who wait at the broker, when an object was signaled that {@code WaitQueues} has them
 *       subscribed at; {@code Attempts} tries one wait: {@code Step} is one compare-and-set on one word, {@code Transaction}
 *       takes several words at once, or none. {@code Conditions} are queues, {@code Operations} are on words that are the
 *       broker's own. {@code Abandonments} takes mutexes from those who have gone, {@code Leases} gives back the permits that
 *       they held: {@link io.hybridsync.broker.Settlement} tells how, {@code Purse} is what one client holds, and a {@code
 *       Moment} is all the time that clients may make the broker spend on that.
 *   <li>{@code Delays} has tried again what cannot be done because somebody does not read, and has it paid for.
 *   <li>{@code TakeOver} is how a broker begins whose predecessor has ended and left clients behind: its essay tells whom it
 *       waits for. {@code Legacy} is what they hand over, {@code Bequest} one object of it; {@code Whereabouts} finds where a
 *       word is that was being moved, {@code Redo} does what was promised, {@code Reinstatement} makes all of it this
 *       broker's own. {@code Journal} and {@code Grants} see to it that a successor can.
 *   <li>{@link io.hybridsync.broker.BrokerProcess} is a process that does nothing else; {@code Replacement} ends the one that
 *       runs, and takes its place.
 * </ul>
 *
 * <p><b>What its death does.</b> Nothing that clients notice, but that they wait a little for answers. Everything that it knows
 * some client knows too, or keeps a descriptor of; each thing that it does to a word is either not begun, or can be undone
 * from what the word says, or finished from what a client was told or the journal says.
 *
 * <p><b>What a client can do to it.</b> Get itself expelled. Every field of a message is checked when it is decoded;
 * what may be said depends on the state of the connection; what a request leaves behind is paid for from a budget, of
 * which {@code Account} keeps a little for everybody, and {@code
 * Shortage} is what happens when the heap is full nevertheless; what is not read is bounded; a turn is a few messages. Who was
 * expelled and lives counts as a client. Shared memory is read for its word, verified, and never for anything else; of ledgers
 * {@code LedgerMemory} maps so many and no more. Descriptors that clients send are closed elsewhere unless they are memory: {@link
 * io.hybridsync.kernel.Closer}.
 */
@NullMarked
package io.hybridsync.broker;

import org.jspecify.annotations.NullMarked;
