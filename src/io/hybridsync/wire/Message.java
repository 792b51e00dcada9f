package io.hybridsync.wire;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;

/**
 * Everything that clients (C) and the broker (B) of a domain say to each other. One message is one
 * packet, see {@link Codec}.
 *
 * <p>Numbers are never reused, fields never change their meaning; what a later minor version adds is a new message.
 * Every record writes and reads its own fields, in the order of its components. Requests carry a number of the
 * client's choice, which the answer repeats; answers come in the order of the requests, but for those to
 * {@link Await} and {@link ConditionAwait}, which come when they come.
 *
 * <pre>
 *   C                                 B
 *   Hello ---------------------------->   which version
 *   &lt;---------------------------- Welcome   who you are; or Refused
 *   (locks its byte of the file clients)
 *   Alive ---------------------------->   prove it: no answer
 *   Open, OpenToken ------------------>
 *   &lt;------------------ SlabGrant, Opened   or Failed, FailedCorrupted
 *   Await ---------------------------->
 *   &lt;---------------------------- Awaited   some day; soon after Withdraw
 *   Close ---------------------------->
 *   &lt;------------------------------- Done
 * </pre>
 *
 * <p>When a broker is dead, its clients find or start the next one and hand over what they have:
 *
 * <pre>
 *   C                                 B
 *   Resume --------------------------->   the client of the broker before, its byte still locked
 *   &lt;---------------------------- Welcome   the same id; or Refused
 *   Hand, HandObject, HandTicket ----->   memory, objects, places in queues
 *   HandSignal ----------------------->   signals that nobody has made use of yet
 *   HandedOver ----------------------->   and all requests that were not answered, again
 *   &lt;---------------------------- Located   where each object's word is
 *   &lt;-------------------------- TakenOver   when everybody who lives has handed over
 * </pre>
 */
public sealed interface Message {

    /** Starts a frame with the message's number and appends the fields. */
    void write(FieldWriter out);

    /** Whether one descriptor comes along; otherwise none does. */
    default boolean carriesDescriptor() {
        return false;
    }

    /** What a client says: 1 to 63. */
    sealed interface FromClient extends Message {}

    /** What the broker says: 65 to 127. */
    sealed interface FromBroker extends Message {}

    /** What the broker says to one request, whose number it names. */
    sealed interface Answer extends FromBroker {
        int request();
    }

    /** An answer that says no, and what the caller of the public method gets. */
    sealed interface Failure extends Answer {
        RuntimeException exception();
    }

    /**
     * The first message of a connection. The first two fields stand where they are in every version there will be; the
     * rest is read if the major version is ours.
     *
     * @param major the client's {@link Version#MAJOR}
     * @param minor the client's {@link Version#MINOR}
     * @param program what the client is, for the broker's log; at most 8192 bytes
     */
    record Hello(int major, int minor, String program) implements FromClient {
        static final int NUMBER = 1;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(major).int32(minor).text(program);
        }

        static Hello read(FieldReader in) {
            int major = in.int32();
            return new Hello(major, in.int32(), major == Version.MAJOR ? in.text() : in.skipRest());
        }
    }

    /** The client holds the lock on the byte of the file {@code clients} whose offset is its id. */
    record Alive() implements FromClient {
        static final int NUMBER = 2;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER);
        }
    }

    /**
     * Opens or creates an object. Answered by {@link Opened}. A client that opens what it has open gets it again; it
     * says {@link Close} once, for its last handle.
     *
     * @param request number of this request
     * @param mode what must or must not exist
     * @param kind what it has to be
     * @param name its name, "" for none; then the mode is CREATE
     * @param spec what it is to be if it is created, of that kind
     * @param query the client will only look
     */
    record Open(int request, Mode mode, Kind kind, String name, Spec spec, boolean query) implements FromClient {
        static final int NUMBER = 3;

        /** Checks that the parts fit together. */
        public Open {
            if (spec.kind() != kind) {
                throw new IllegalArgumentException("a %s with the spec of a %s".formatted(kind, spec.kind()));
            }
            if (!name.isEmpty()) {
                Names.checkObject(name);
            } else if (mode != Mode.CREATE) {
                throw new IllegalArgumentException("what has no name can be created, and opened by its token");
            }
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(mode.code()).int8(kind.code()).text(name).spec(spec).bool(query);
        }

        static Open read(FieldReader in) {
            return new Open(in.int32(), in.mode(), in.kind(), in.text(), in.spec(), in.bool());
        }
    }

    /**
     * Opens the object that a token stands for. Answered by {@link Opened}.
     *
     * @param request number of this request
     * @param kind what it has to be
     * @param token as {@link Opened} carried it to some client
     * @param query the client will only look
     */
    record OpenToken(int request, Kind kind, Token token, boolean query) implements FromClient {
        static final int NUMBER = 4;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(kind.code()).token(token).bool(query);
        }

        static OpenToken read(FieldReader in) {
            return new OpenToken(in.int32(), in.kind(), in.token(), in.bool());
        }
    }

    /**
     * The client has closed its last handle to an object. Answered by {@link Done}.
     *
     * @param request number of this request
     * @param object the id from {@link Opened}
     */
    record Close(int request, long object) implements FromClient {
        static final int NUMBER = 5;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object);
        }

        static Close read(FieldReader in) {
            return new Close(in.int32(), in.int64());
        }
    }

    /**
     * What objects there are. Answered by {@link Listing}, one page.
     *
     * @param request number of this request
     * @param after 0, or the id of the last entry of the page before
     */
    record ListObjects(int request, long after) implements FromClient {
        static final int NUMBER = 6;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(after);
        }

        static ListObjects read(FieldReader in) {
            return new ListObjects(in.int32(), in.int64());
        }
    }

    /**
     * One object as it is now. Answered by {@link Listing} with one entry.
     *
     * @param request number of this request
     * @param object the id from {@link Opened}
     */
    record Describe(int request, long object) implements FromClient {
        static final int NUMBER = 7;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object);
        }

        static Describe read(FieldReader in) {
            return new Describe(in.int32(), in.int64());
        }
    }

    /**
     * The client found a word that does not verify. The broker looks for itself; no answer.
     *
     * @param object whose word it is
     * @param location where the client found it
     * @param word what it found
     */
    record Corrupted(long object, Location location, long word) implements FromClient {
        static final int NUMBER = 8;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).location(location).int64(word);
        }

        static Corrupted read(FieldReader in) {
            return new Corrupted(in.int64(), in.location(), in.int64());
        }
    }

    /**
     * A word makes a claim that only the broker may make: LOCKED that does not end, or MOVED. Answered by
     * {@link ClaimAnswer}.
     *
     * @param request number of this request
     * @param object whose word it is
     * @param location where the client found it
     */
    record Claim(int request, long object, Location location) implements FromClient {
        static final int NUMBER = 9;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).location(location);
        }

        static Claim read(FieldReader in) {
            return new Claim(in.int32(), in.int64(), in.location());
        }
    }

    /**
     * The client has closed all that it had open, and is about to close the connection. Answered by {@link Done}.
     *
     * @param request number of this request
     */
    record Leave(int request) implements FromClient {
        static final int NUMBER = 10;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request);
        }

        static Leave read(FieldReader in) {
            return new Leave(in.int32());
        }
    }

    /**
     * The client uses the word at its new place, none of its threads sleeps at the old one, nor will. Answer to
     * {@link Moved}; has no answer itself.
     *
     * @param object whose word has moved
     * @param from the old place
     */
    record Acknowledge(long object, Location from) implements FromClient {
        static final int NUMBER = 11;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).location(from);
        }

        static Acknowledge read(FieldReader in) {
            return new Acknowledge(in.int64(), in.location());
        }
    }

    /**
     * The client could not take a slab that it was granted, for want of descriptors or mappings. It is granted again when
     * it is needed again; no answer.
     *
     * @param slab the id from {@link SlabGrant}
     */
    record SlabDeclined(long slab) implements FromClient {
        static final int NUMBER = 12;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(slab);
        }

        static SlabDeclined read(FieldReader in) {
            return new SlabDeclined(in.int64());
        }
    }

    /**
     * Applies a rule once to an object whose word is the broker's own. Answered by {@link Operated}.
     *
     * @param request number of this request
     * @param object the id from {@link Opened}
     * @param rule the number of the rule, among those of its kind; 0 to ask for the value
     * @param argument of the rule
     */
    record Operate(int request, long object, int rule, int argument) implements FromClient {
        static final int NUMBER = 13;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).int32(rule).int32(argument);
        }

        static Operate read(FieldReader in) {
            return new Operate(in.int32(), in.int64(), in.int32(), in.int32());
        }
    }

    /**
     * Waits for objects that the client has open, as long as it takes. Answered by {@link Awaited}: once, whatever happens.
     *
     * @param request number of this request
     * @param all whether for all of them at once; otherwise for any, the first in the list wins
     * @param wanted the objects; distinct if {@code all}; not empty unless there is an alert
     * @param alert an event that ends the wait, at most one; an object that is there wins
     */
    record Await(int request, boolean all, List<Wanted> wanted, List<Wanted> alert) implements FromClient {
        static final int NUMBER = 14;

        /** Keeps its own copies. */
        public Await {
            wanted = List.copyOf(wanted);
            alert = List.copyOf(alert);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).bool(all).wanted(wanted).wanted(alert);
        }

        static Await read(FieldReader in) {
            return new Await(in.int32(), in.bool(), in.wanted(), in.wanted());
        }
    }

    /**
     * The client waits no longer. The wait is answered, by what it has come to before or as withdrawn; no other answer.
     *
     * @param awaited the number of the {@link Await} or {@link ConditionAwait}
     */
    record Withdraw(int awaited) implements FromClient {
        static final int NUMBER = 15;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(awaited);
        }

        static Withdraw read(FieldReader in) {
            return new Withdraw(in.int32());
        }
    }

    /**
     * The client has signaled an object in whose word it saw WAKE_BROKER: somebody waits for it at the broker. No answer.
     *
     * @param object the id from {@link Opened}
     */
    record Signaled(long object) implements FromClient {
        static final int NUMBER = 16;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object);
        }

        static Signaled read(FieldReader in) {
            return new Signaled(in.int64());
        }
    }

    /**
     * Waits for a signal of a condition of a mutex that the client owns and is about to unlock. Answered by
     * {@link Awaited} when it is signaled or withdrawn.
     *
     * @param request number of this request
     * @param object the mutex
     * @param condition its name, "" for the one without
     */
    record ConditionAwait(int request, long object, String condition) implements FromClient {
        static final int NUMBER = 17;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).text(condition);
        }

        static ConditionAwait read(FieldReader in) {
            return new ConditionAwait(in.int32(), in.int64(), in.text());
        }
    }

    /**
     * Signals a condition of a mutex that the client owns: the one that has waited longest, or all. Answered by
     * {@link Done}.
     *
     * @param request number of this request
     * @param object the mutex
     * @param condition its name, "" for the one without
     * @param all whether all of them
     */
    record ConditionSignal(int request, long object, String condition, boolean all) implements FromClient {
        static final int NUMBER = 18;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).text(condition).bool(all);
        }

        static ConditionSignal read(FieldReader in) {
            return new ConditionSignal(in.int32(), in.int64(), in.text(), in.bool());
        }
    }

    /**
     * The thread that was signaled owns the mutex again. Until then its signal goes to the next if the client dies. No
     * answer.
     *
     * @param awaited the number of the {@link ConditionAwait}
     */
    record ConditionLeft(int awaited) implements FromClient {
        static final int NUMBER = 19;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(awaited);
        }

        static ConditionLeft read(FieldReader in) {
            return new ConditionLeft(in.int32());
        }
    }

    /**
     * Answered by {@link Done} when everything that the client said before has been dealt with, or by {@link Failed} if the
     * broker had no room for something that was handed.
     *
     * @param request number of this request
     */
    record Sync(int request) implements FromClient {
        static final int NUMBER = 20;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request);
        }

        static Sync read(FieldReader in) {
            return new Sync(in.int32());
        }
    }

    /**
     * The first message of a connection to the next broker, in place of {@link Hello}: the sender was a client of the broker
     * before, and still holds the lock on its byte. The first two fields stand where they are in every version.
     *
     * @param major the client's {@link Version#MAJOR}
     * @param minor the client's {@link Version#MINOR}
     * @param clientId who it was and will be
     * @param program what the client is, for the broker's log; at most 8192 bytes
     */
    record Resume(int major, int minor, int clientId, String program) implements FromClient {
        static final int NUMBER = 21;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(major).int32(minor).int32(clientId).text(program);
        }

        static Resume read(FieldReader in) {
            int major = in.int32();
            int minor = in.int32();
            return major == Version.MAJOR
                    ? new Resume(major, minor, in.int32(), in.text())
                    : new Resume(major, minor, 0, in.skipRest());
        }
    }

    /**
     * Memory that the client has, whose sealed memfd is attached. A ledger is handed before there is anything in it, to the
     * broker that the client is connected to; a ledger with the same number takes its place. {@link Sync} tells when the
     * broker has it.
     *
     * @param memory what it is
     * @param id of a slab, or of a ledger as its client numbers them; 0 for a journal
     * @param size bytes
     */
    record Hand(Memory memory, long id, int size) implements FromClient {
        static final int NUMBER = 22;

        @Override
        public boolean carriesDescriptor() {
            return true;
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int8(memory.code()).int64(id).int32(size);
        }

        static Hand read(FieldReader in) {
            return new Hand(in.memory(), in.int64(), in.int32());
        }
    }

    /**
     * An object that the client has open. The memory in which it is, and may be, has been handed before.
     *
     * @param object its id
     * @param name its name, "" for none
     * @param spec what it is
     * @param token opens it elsewhere
     * @param location where the client uses its word; {@link Location#BROKER} if the word is the broker's, or was bad in memory
     *     that the client has not got any more
     * @param home where the broker has the word if it is its own; otherwise {@link Location#BROKER}
     * @param created whether the client created it
     * @param full whether the client has opened it for more than to look
     * @param corrupted whether the client knows that its word is bad
     * @param badWord the word that was found bad; 0 if there is none
     * @param granted of a leased semaphore: how many permits brokers have taken for the client
     * @param told the moves that the client was told of and has not seen the tombstones of
     */
    record HandObject(
            long object,
            String name,
            Spec spec,
            Token token,
            Location location,
            Location home,
            boolean created,
            boolean full,
            boolean corrupted,
            long badWord,
            int granted,
            List<Told> told)
            implements FromClient {
        static final int NUMBER = 23;

        /** Keeps its own copy. */
        public HandObject {
            told = List.copyOf(told);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).text(name).spec(spec).token(token).location(location).location(home);
            out.bool(created).bool(full).bool(corrupted).int64(badWord).int32(granted).told(told);
        }

        static HandObject read(FieldReader in) {
            return new HandObject(
                    in.int64(),
                    in.text(),
                    in.spec(),
                    in.token(),
                    in.location(),
                    in.location(),
                    in.bool(),
                    in.bool(),
                    in.bool(),
                    in.int64(),
                    in.int32(),
                    in.told());
        }
    }

    /**
     * A request that was not answered and will be asked again, and the place in its queue that it had.
     *
     * @param request the number of the {@link Operate}, {@link Await} or {@link ConditionAwait}
     * @param ticket from {@link Queued}; {@link #NONE} if it has none
     */
    record HandTicket(int request, long ticket) implements FromClient {
        static final int NUMBER = 24;

        /** No ticket. */
        public static final long NONE = 0;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(ticket);
        }

        static HandTicket read(FieldReader in) {
            return new HandTicket(in.int32(), in.int64());
        }
    }

    /**
     * A thread was told the signal of a condition, and has not said {@link ConditionLeft} yet.
     *
     * @param request the number of the {@link ConditionAwait}
     * @param object the mutex
     * @param condition the name of the condition
     */
    record HandSignal(int request, long object, String condition) implements FromClient {
        static final int NUMBER = 27;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).text(condition);
        }

        static HandSignal read(FieldReader in) {
            return new HandSignal(in.int32(), in.int64(), in.text());
        }
    }

    /**
     * The client has handed over everything; what it asks from here on is dealt with after {@link TakenOver}. The requests
     * that the broker before has not answered come next, under the numbers that they had.
     */
    record HandedOver() implements FromClient {
        static final int NUMBER = 25;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER);
        }
    }

    /**
     * Who may have written to an object's word. Answered by {@link Writers}.
     *
     * @param request number of this request
     * @param object the id from {@link Opened}
     */
    record AskWriters(int request, long object) implements FromClient {
        static final int NUMBER = 26;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object);
        }

        static AskWriters read(FieldReader in) {
            return new AskWriters(in.int32(), in.int64());
        }
    }

    /**
     * The connection is open; the client is to lock its byte and say {@link Alive}, unless it said {@link Resume}.
     *
     * @param major the broker's {@link Version#MAJOR}
     * @param minor the minor version that both know
     * @param clientId what words, ledgers and lists call this client: 1 to 2^30-1; its byte in the file {@code clients}
     * @param incarnation of this broker: greater than those before it; positive
     */
    record Welcome(int major, int minor, int clientId, int incarnation) implements FromBroker {
        static final int NUMBER = 65;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(major).int32(minor).int32(clientId).int32(incarnation);
        }

        static Welcome read(FieldReader in) {
            return new Welcome(in.int32(), in.int32(), in.int32(), in.int32());
        }
    }

    /**
     * The broker closes the connection after this. The first two fields stand where they are in every version.
     *
     * @param major the broker's {@link Version#MAJOR}
     * @param minor the broker's {@link Version#MINOR}
     * @param code what the client throws
     * @param reason which rule was broken, for a person; at most 8192 bytes
     */
    record Refused(int major, int minor, Code code, String reason) implements FromBroker {
        static final int NUMBER = 66;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(major).int32(minor).int8(code.code()).text(reason);
        }

        static Refused read(FieldReader in) {
            int major = in.int32();
            int minor = in.int32();
            return major == Version.MAJOR
                    ? new Refused(major, minor, in.code(), in.text())
                    : new Refused(major, minor, Code.PROTOCOL, in.skipRest());
        }
    }

    /**
     * The client has the object open.
     *
     * @param request which request
     * @param object its id: never reused
     * @param created whether this request created it
     * @param name its name, "" for none
     * @param spec what it is: its creator's, not the request's
     * @param location where its word is now; the slab has been granted; {@link Location#BROKER} if the word is the broker's
     * @param home where the broker has the word if it is its own, for {@link HandObject}; otherwise {@link Location#BROKER}
     * @param token opens it elsewhere
     */
    record Opened(
            int request,
            long object,
            boolean created,
            String name,
            Spec spec,
            Location location,
            Location home,
            Token token)
            implements Answer {
        static final int NUMBER = 67;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(object).bool(created).text(name).spec(spec);
            out.location(location).location(home).token(token);
        }

        static Opened read(FieldReader in) {
            return new Opened(
                    in.int32(),
                    in.int64(),
                    in.bool(),
                    in.text(),
                    in.spec(),
                    in.location(),
                    in.location(),
                    in.token());
        }
    }

    /**
     * A slab, whose sealed memfd is attached. Comes before the first {@link Opened} with a location in it, once.
     *
     * @param slab its id: never reused
     * @param size bytes
     */
    record SlabGrant(long slab, int size) implements FromBroker {
        static final int NUMBER = 68;

        @Override
        public boolean carriesDescriptor() {
            return true;
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(slab).int32(size);
        }

        static SlabGrant read(FieldReader in) {
            return new SlabGrant(in.int64(), in.int32());
        }
    }

    /**
     * It is done.
     *
     * @param request which request
     */
    record Done(int request) implements Answer {
        static final int NUMBER = 69;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request);
        }

        static Done read(FieldReader in) {
            return new Done(in.int32());
        }
    }

    /**
     * It is not done, and nothing has changed.
     *
     * @param request which request
     * @param code what the client throws
     * @param message what was asked, what was found, what to do; at most 8192 bytes
     */
    record Failed(int request, Code code, String message) implements Failure {
        static final int NUMBER = 70;

        @Override
        public RuntimeException exception() {
            return code.exception(message);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(code.code()).text(message);
        }

        static Failed read(FieldReader in) {
            return new Failed(in.int32(), in.code(), in.text());
        }
    }

    /**
     * It is not done, because the object's word is corrupted.
     *
     * @param request which request
     * @param kind of the object
     * @param name of the object, "" for none
     * @param location where its word is
     * @param word the word that was found bad first
     * @param writers the clients that had its memory mapped then, ascending; the first of them if they are many
     */
    record FailedCorrupted(
            int request, Kind kind, String name, Location location, long word, List<Writer> writers) implements Failure {
        static final int NUMBER = 71;

        /** Keeps its own copy. */
        public FailedCorrupted {
            writers = List.copyOf(writers);
        }

        @Override
        public RuntimeException exception() {
            int expected = Word.hash(location.base(), Word.data(word), Word.flags(word));
            return new CorruptedObjectException(
                    kind + " \"" + name + '"', location.toString(), word, Word.hashOf(word), expected, writers);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(kind.code()).text(name).location(location).int64(word);
            out.writers(writers);
        }

        static FailedCorrupted read(FieldReader in) {
            return new FailedCorrupted(
                    in.int32(), in.kind(), in.text(), in.location(), in.int64(), in.writers());
        }
    }

    /**
     * A page of objects, ascending by id. Locations in it are for people: no slab is granted for them.
     *
     * @param request which request
     * @param more whether there are objects behind the last entry
     * @param entries as many as fit
     */
    record Listing(int request, boolean more, List<Entry> entries) implements Answer {
        static final int NUMBER = 72;

        /** Keeps its own copy of the entries. */
        public Listing {
            entries = List.copyOf(entries);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).bool(more).entries(entries);
        }

        static Listing read(FieldReader in) {
            return new Listing(in.int32(), in.bool(), in.entries());
        }
    }

    /**
     * What the broker says of a claim, having looked at the word itself.
     *
     * @param request which request
     * @param claim whether it is the broker's
     * @param location where the word is now; the slab has been granted
     */
    record ClaimAnswer(int request, ClaimState claim, Location location) implements Answer {
        static final int NUMBER = 73;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(claim.code()).location(location);
        }

        static ClaimAnswer read(FieldReader in) {
            return new ClaimAnswer(in.int32(), in.claim(), in.location());
        }
    }

    /**
     * The word is about to move. The client does nothing before it sees the tombstone with this number at the old place:
     * the move may still be given up. The slab has been granted.
     *
     * @param object whose word
     * @param move the number that the tombstone will carry
     * @param from the old place
     * @param to the new place
     */
    record Moving(long object, int move, Location from, Location to) implements FromBroker {
        static final int NUMBER = 74;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).int32(move).location(from).location(to);
        }

        static Moving read(FieldReader in) {
            return new Moving(in.int64(), in.int32(), in.location(), in.location());
        }
    }

    /**
     * The tombstone is there: the client is to look at it, to go on at the new place, and to {@link Acknowledge} when no
     * thread of it is at the old one.
     *
     * @param object whose word
     * @param move its number
     * @param from the old place
     */
    record Moved(long object, int move, Location from) implements FromBroker {
        static final int NUMBER = 75;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).int32(move).location(from);
        }

        static Moved read(FieldReader in) {
            return new Moved(in.int64(), in.int32(), in.location());
        }
    }

    /**
     * The slab is not the client's any more; no object that it has open lives there. The client takes it out of its
     * address space.
     *
     * @param slab its id
     */
    record SlabRevoke(long slab) implements FromBroker {
        static final int NUMBER = 76;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(slab);
        }

        static SlabRevoke read(FieldReader in) {
            return new SlabRevoke(in.int64());
        }
    }

    /**
     * What became of an operation.
     *
     * @param request which request
     * @param result the value that the rule was applied to, or if it was refused that value's complement, which is negative
     */
    record Operated(int request, long result) implements Answer {
        static final int NUMBER = 77;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(result);
        }

        static Operated read(FieldReader in) {
            return new Operated(in.int32(), in.int64());
        }
    }

    /**
     * What became of a wait.
     *
     * @param request which request
     * @param outcome how it ended
     * @param index TAKEN: which object it was, 0 if all; ENDED: which object it was; otherwise -1
     * @param abandoned the indexes of the mutexes among those taken that were abandoned, ascending
     */
    record Awaited(int request, WaitOutcome outcome, int index, List<Integer> abandoned) implements Answer {
        static final int NUMBER = 78;

        /** Keeps its own copy. */
        public Awaited {
            abandoned = List.copyOf(abandoned);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int8(outcome.code()).int32(index).int32s(abandoned);
        }

        static Awaited read(FieldReader in) {
            return new Awaited(in.int32(), in.outcome(), in.int32(), in.int32s());
        }
    }

    /**
     * A wait is pending, and this is its place among all waits. Only said of waits whose order counts; what comes to waits
     * whose place is known is decided by the ticket also when another broker takes over.
     *
     * @param request the number of the {@link Await} or {@link ConditionAwait}
     * @param ticket greater than those of the waits that came before it
     */
    record Queued(int request, long ticket) implements FromBroker {
        static final int NUMBER = 79;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).int64(ticket);
        }

        static Queued read(FieldReader in) {
            return new Queued(in.int32(), in.int64());
        }
    }

    /**
     * Memory of the broker, whose memfd is attached. The client does not map it: it keeps the descriptor for the next
     * broker, in place of what it was given before under the same id.
     *
     * @param memory what it is: JOURNAL or OWN
     * @param id of a slab of the broker's own; 0 for the journal
     * @param size bytes
     */
    record Keep(Memory memory, long id, int size) implements FromBroker {
        static final int NUMBER = 80;

        @Override
        public boolean carriesDescriptor() {
            return true;
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int8(memory.code()).int64(id).int32(size);
        }

        static Keep read(FieldReader in) {
            return new Keep(in.memory(), in.int64(), in.int32());
        }
    }

    /**
     * Where the word of an object is that the client has handed over, if it is elsewhere than the client has said. The slab has
     * been granted, or was handed by the client.
     *
     * @param object its id
     * @param location where its word is now; {@link Location#BROKER} if the word is the broker's
     * @param home where the broker has the word if it is its own; otherwise {@link Location#BROKER}
     */
    record Located(long object, Location location, Location home) implements FromBroker {
        static final int NUMBER = 81;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int64(object).location(location).location(home);
        }

        static Located read(FieldReader in) {
            return new Located(in.int64(), in.location(), in.location());
        }
    }

    /** What the client has handed over is taken over: where it was, or was {@link Located}. Requests are answered now. */
    record TakenOver() implements FromBroker {
        static final int NUMBER = 82;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER);
        }
    }

    /** The file of clients was deleted, and the broker has made another: the client is to lock its byte there, too. */
    record ShowAgain() implements FromBroker {
        static final int NUMBER = 84;

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER);
        }
    }

    /**
     * Who may have written to an object's word: the clients that have its memory mapped.
     *
     * @param request which request
     * @param writers ascending; the first of them if they are many
     */
    record Writers(int request, List<Writer> writers) implements Answer {
        static final int NUMBER = 83;

        /** Keeps its own copy. */
        public Writers {
            writers = List.copyOf(writers);
        }

        @Override
        public void write(FieldWriter out) {
            out.start(NUMBER).int32(request).writers(writers);
        }

        static Writers read(FieldReader in) {
            return new Writers(in.int32(), in.writers());
        }
    }
}
