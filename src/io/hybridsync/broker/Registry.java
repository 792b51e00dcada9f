package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.ClaimState;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Location;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of a domain: who is connected, which objects there are, who has what open. The state machine of the broker:
 * one event comes in, {@link Effects} go out. It knows neither sockets nor clocks; memory comes through a
 * {@link SlabSource}.
 *
 * <p><b>Who owns what.</b> The registry owns names, ids, tokens, the state of slots, and how many clients have an
 * object open. A client owns nothing here but its handles: one per object, however often the process has it open. What
 * is in shared memory belongs to everybody in the group, so it is verified and never believed.
 *
 * <p><b>What a connection may say.</b> Everything else gets it expelled, and nobody else notices.
 *
 * <pre>
 *   state     Hello                  Alive                    requests, Corrupted   Resume, and then Hand*
 *   -------   --------------------   ----------------------   -------------------   ----------------------------
 *   NEW       Welcome -&gt; GREETED     expelled                 expelled              Welcome -&gt; RESUMED
 *             or Refused -&gt; gone                                                    or Refused -&gt; gone
 *   GREETED   expelled               its byte is held:        expelled              expelled
 *                                    -&gt; ALIVE; or expelled
 *   RESUMED   expelled               expelled                 expelled              kept; HandedOver -&gt; ALIVE
 *   ALIVE     expelled               expelled                 answered              expelled
 * </pre>
 *
 * <p>As long as this broker is taking over from another one requests are put off: {@link TakeOver}. Who does not read what it
 * is told has its requests put off, too: {@link Delays}. What fails when it is done at last expels only who has asked for it.
 *
 * <p><b>What a request does</b> is told by {@link Openings}, and of those that operate and wait by {@link Operations},
 * {@link Waits} and {@link Conditions}. Whatever may satisfy a wait only notes that down ({@link Looks}); the waits are
 * looked at when the event is over.
 *
 * <p><b>What a death does.</b> Every handle of the client is closed. An object that nobody has open any more is gone.
 * On the words of those that others have open the sleepers are woken, for the dead may have swallowed a wake that was
 * meant for one of them. Permits that it had stay taken, unless they are leased ({@link Leases}); mutexes that
 * it owned are abandoned ({@link Abandonments}). Its
 * waits are over, and those of others on what it had open are looked at again: the dead may have signaled and not come to
 * tell. Groups shed the dead where they are. A client that lost its
 * connection and lives may still write: objects move away from it, and no place that it may write to becomes another
 * object's before it is dead.
 *
 * <p>Confined to the broker's thread.
 */
final class Registry {

    private static final int MEMBERS_TO_NAME = 16;

    private final Effects effects;
    private final Liveness liveness;
    private final Map<Long, Session> sessions = new HashMap<>();
    private final Map<Integer, Session> clients = new HashMap<>();

    /** Clients that have lost their connection, or never had one here, and are not known to be dead. */
    private final Set<Integer> outcasts = new HashSet<>();

    private final Catalog catalog = new Catalog();
    private final Entries entries = new Entries(catalog, this::pid);
    private final TakeOver takeOver;
    private final ClientIds ids;
    private final Grants grants;
    private final Greetings greetings;
    private final Moment moment;
    private final Turns turns = new Turns();
    private final Groups groups;
    private final Retirements retirements;
    private final Delays delays;
    private final Movers movers;
    private final Holdings holdings;
    private final Answers answers;
    private final Conditions conditions;
    private final UnusedSignals signals;
    private final Waits waits;
    private final Operations operations;
    private final Abandonments abandonments;
    private final Patrol patrol;
    private final Leases leases;
    private final Openings openings;

    /**
     * A domain without objects, for the moment.
     *
     * @param lineage where this broker stands in the line of those that there have been
     * @param tokens gives unguessable tokens
     */
    Registry(
            Options options,
            Effects effects,
            Liveness liveness,
            Budget budget,
            Storage memory,
            Supplier<Token> tokens,
            Lineage lineage) {
        this(options, effects, liveness, budget, memory, tokens, lineage, new Moment());
    }

    /** @param moment what clients may make it spend on what they have in shared memory */
    Registry(
            Options options,
            Effects effects,
            Liveness liveness,
            Budget budget,
            Storage memory,
            Supplier<Token> tokens,
            Lineage lineage,
            Moment moment) {
        this.moment = moment;
        this.effects = effects;
        this.liveness = liveness;
        long first = (long) lineage.incarnation() << Integer.SIZE;
        this.groups = new Groups(memory, first, this::revoke, this::intruded);
        this.retirements = new Retirements(groups, budget);
        this.answers = new Answers(effects, this::pid);
        this.delays = new Delays(effects, answers, budget, options.waitsPerClient(), this::dealWith);
        this.movers = new Movers(effects, groups, retirements, clients::get);
        Journal journal = new Journal(memory.createOwn(0, Journal.BYTES), lineage.incarnation());
        this.grants = new Grants(effects, journal, memory, clients::get);
        Looks looks = new Looks();
        Admission admission = new Admission(options, budget, answers);
        this.conditions = new Conditions(admission, turns, delays, answers, journal.signals());
        this.signals = new UnusedSignals(conditions, journal.signals(), catalog, clients::get);
        this.leases = new Leases(effects, looks, answers, moment, this::after);
        this.waits = new Waits(admission, answers, conditions, leases, looks, turns, grants, clients::get);
        this.operations = new Operations(admission, leases, looks, grants, delays, answers);
        this.abandonments = new Abandonments(delays, looks);
        this.holdings = new Holdings(catalog, groups, retirements, movers, delays, abandonments, leases, looks, effects);
        this.openings = new Openings(options, effects, holdings, budget, tokens, waits, answers, first);
        this.takeOver = new TakeOver(
                new Legacy(memory, budget, lineage), budget, answers, options.heapBytes() / 2, lineage.heirs());
        int last = lineage.heirs().stream().mapToInt(Integer::intValue).reduce(memory.lastClient(), Math::max);
        this.ids = new ClientIds(id -> clients.containsKey(id) || liveness.isHeld(id), last, memory::reserveClients);
        this.patrol = new Patrol(catalog, groups, abandonments, ids::isIssued);
        this.greetings = new Greetings(
                options, effects, liveness, clients, outcasts, ids, groups.global(), takeOver, grants, this::refuse, lineage.incarnation());
    }

    private void after(long nanos, Runnable task) {
        effects.after(nanos, () -> {
            task.run();
            over();
        });
    }

    /** The end of every event that comes from outside. */
    private void over() {
        waits.settle();
        moment.over();
    }

    private void revoke(Slab slab, List<Integer> members) {
        for (int member : members) {
            Session session = clients.get(member);
            if (session != null && session.revoked(slab)) {
                effects.send(session.connection(), new Message.SlabRevoke(slab.id()));
            }
        }
        effects.retire(slab);
    }

    private void intruded(Group group, Location place, long word) {
        List<Integer> members = group.members();
        String named = members.stream().limit(MEMBERS_TO_NAME).map(this::member).collect(Collectors.joining(", "));
        String more = members.size() <= MEMBERS_TO_NAME ? "" : " and " + (members.size() - MEMBERS_TO_NAME) + " more";
        String line = ("somebody has written 0x%016x to free memory at %s, which is not used again. The members of the group"
                        + " now: %s%s")
                .formatted(word, place, named, more);
        effects.log(Effects.Level.WARN, line);
    }

    private String member(int clientId) {
        Session session = clients.get(clientId);
        return session == null ? "client " + clientId + " (no longer connected)" : session.toString();
    }

    /** Somebody has connected. */
    void connected(long connection, int pid) {
        sessions.put(connection, new Session(connection, pid));
    }

    /** A connection has said something, without a descriptor. What comes after it was expelled is ignored. */
    void received(long connection, Message message) {
        received(connection, message, null);
    }

    /** @param fd what came along: closed here, unless it is kept */
    void received(long connection, Message message, @Nullable Fd fd) {
        Session session = sessions.get(connection);
        if (session == null || !mayKeep(session, message)) {
            close(fd);
        }
        if (session == null) {
            return;
        }
        takeOver.hears(session);
        try {
            switch (session.state()) {
                case NEW -> greetings.receivedByNew(session, message);
                case GREETED -> greetings.receivedByGreeted(session, message);
                case RESUMED -> receivedByResumed(session, message, fd);
                case ALIVE -> receivedByAlive(session, message, fd);
            }
        } catch (ProtocolException | LimitExceededException e) {
            close(fd);
            refuse(session, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            close(fd);
            throw e;
        }
        takeOverIfReady();
        over();
    }

    /** Something that was put off, in the event of somebody else: what fails there hurts only who has asked for it. */
    private void dealWith(Session session, Message message) {
        try {
            receivedByAlive(session, message, null);
        } catch (RuntimeException e) {
            refuse(session, e);
        }
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    private void receivedByResumed(Session session, Message message, @Nullable Fd fd) {
        if (!takeOver.isUnderWay()) {
            throw new ProtocolException("nothing is taken over any more");
        }
        if (isLedger(message)) {
            leases.hand(session, (Message.Hand) message, fd);
            leases.requireTaken(session);
        } else if (message instanceof Message.Hand hand) {
            hand(session, hand, fd);
        } else {
            withRoom(session, () -> takeOver.received(session, message));
        }
    }

    /**
     * Where the heap is full, what was asked anew gives way, and then who has taken most of it: not who happens to speak, who is
     * heard again when there is room.
     */
    private void withRoom(Session session, Runnable step) {
        for (;;) {
            try {
                step.run();
                return;
            } catch (LimitExceededException e) {
                if (!takeOver.letGo()) {
                    refuseGreediest(session, e);
                }
            }
        }
    }

    private void refuseGreediest(Session session, LimitExceededException e) {
        int greediest = takeOver.greediest();
        if (greediest == 0 || greediest == session.clientId()) {
            throw e;
        }
        refuse(MemberSet.of(greediest), Code.LIMIT, "it has handed over or asked for so much that the broker's heap is full");
    }

    /**
     * Where there is no room for what one hands over, who has handed most that nobody else has is refused: not who happens to come
     * last, who may come again.
     */
    private void hand(Session session, Message.Hand hand, @Nullable Fd fd) {
        try {
            takeOver.legacy().hand(session.clientId(), hand, fd);
        } catch (LimitExceededException e) {
            int greediest = takeOver.legacy().greediest();
            if (greediest == 0 || greediest == session.clientId()) {
                throw e;
            }
            close(fd);
            refuse(MemberSet.of(greediest), Code.LIMIT, "it hands over so much that there is no room for what others have");
            refuse(session, Code.LATE, String.valueOf(e.getMessage()));
        }
    }

    private void receivedByAlive(Session session, Message message, @Nullable Fd fd) {
        if (isLedger(message)) {
            leases.hand(session, (Message.Hand) message, fd);
            return;
        }
        if (takeOver.isUnderWay()) {
            withRoom(session, () -> takeOver.putOff(session, message));
            return;
        }
        Message.Answer known = session.answer(message);
        if (known == null) {
            receivedByClient(session, message);
        } else {
            effects.send(session.connection(), known);
        }
    }

    private static boolean mayKeep(Session session, Message message) {
        return session.state() == Session.State.RESUMED
                || (session.state() == Session.State.ALIVE && isLedger(message));
    }

    private static boolean isLedger(Message message) {
        return message instanceof Message.Hand hand && hand.memory() == Memory.LEDGER;
    }

    /** Whether it is waited for clients of the broker before. */
    boolean isTakingOver() {
        return takeOver.isUnderWay();
    }

    /** How many messages were heard of those who hand over what they have. */
    long handedOver() {
        return takeOver.heard();
    }

    /** Looks whether those who are awaited are alive. */
    void lookForHeirs() {
        takeOver.look(liveness);
        takeOverIfReady();
        over();
    }

    /** The time is over: who has not handed over what it has does not any more. */
    void takeOverNow() {
        if (takeOver.isUnderWay()) {
            takeOverOrEnd();
            over();
        }
    }

    private void takeOverIfReady() {
        if (takeOver.isReady()) {
            takeOverOrEnd();
        }
    }

    /**
     * What fails in it leaves half of it done: then this broker ends, and the next one begins anew. It is not the fault of who
     * has just spoken.
     */
    private void takeOverOrEnd() {
        try {
            takeOver();
        } catch (RuntimeException | VirtualMachineError e) {
            effects.log(Effects.Level.WARN, "cannot take over: " + e);
            throw new AssertionError("cannot take over from the broker before", e);
        }
    }

    private void takeOver() {
        refuseUnfinished();
        refuse(takeOver.legacy().overruled(), Code.LOST, "a broker before has gone on without it");
        refuseLiars();
        Testament last = Testament.of(takeOver.legacy());
        grants.goOnFrom(last);
        if (last != null) {
            refuse(last.outcasts());
        }
        MemberSet late = late();
        late.ids().forEach(this::remember);
        leases.late(late);
        Redo redo = Redo.of(takeOver.legacy(), last, this::asksAgain);
        redo.run(takeOver.legacy());
        grants.inherit(redo);
        if (last != null) {
            signals.inherit(last.journal());
        }
        clients.values().stream().filter(Session::isClient).forEach(grants::share);
        Reinstatement reinstatement =
                new Reinstatement(holdings, effects, takeOver.legacy(), redo, clients::get, slab ->
                        late.filter(client -> grants.mayHave(client, slab)));
        reinstatement.run();
        catalog.forEach(object -> disown(object, late));
        for (Journal.Entry debt : redo.debts()) {
            Session session = clients.get(debt.client());
            if (session != null && session.isHeir()) {
                session.owe(debt.reply());
            }
        }
        turns.goOnBehind(takeOver.number());
        List<Session> heirs = clients.values().stream().filter(Session::isHeir).toList();
        heirs.forEach(session -> effects.send(session.connection(), new Message.TakenOver()));
        effects.log(
                Effects.Level.INFO,
                "took over %d objects of %d clients, %d came late"
                        .formatted(reinstatement.objects(), heirs.size(), late.ids().size()));
        List<TakeOver.PutOff> putOff = takeOver.end();
        signals.restore();
        reinstatement.settle();
        for (TakeOver.PutOff next : putOff) {
            if (!next.session().isGone()) {
                dealWith(next.session(), next.message());
                waits.settle();
            }
        }
        signals.passOn();
    }

    private boolean asksAgain(int client, int request) {
        Session session = clients.get(client);
        return session != null && session.asksAgain(request);
    }

    /**
     * The owner of a mutex may have died between the brokers: then nobody has said so, and its id is not to be another client's.
     * One that has come since may have it already: it has been answered nothing yet, and owns nothing.
     */
    private void disown(SharedObject object, MemberSet late) {
        int owner = Abandonments.owner(object);
        ids.found(owner);
        Session session = clients.get(owner);
        boolean lives = late.contains(owner) || (session != null && session.isHeir());
        if (owner != 0 && !lives) {
            abandonments.died(object, owner);
        }
    }

    /** Who is in the middle of it, also if it does not hold its byte any more: half of what it has is not to be believed. */
    private void refuseUnfinished() {
        for (Session session : List.copyOf(clients.values())) {
            if (session.state() == Session.State.RESUMED) {
                boolean dead = !liveness.isHeld(session.clientId());
                String reason = "it has not handed over in time what it has open";
                refuse(session, dead ? Effects.Level.INFO : Effects.Level.WARN, Code.LOST, reason);
            }
        }
    }

    private void refuseLiars() {
        Legacy legacy = takeOver.legacy();
        for (int liar = legacy.liar(); liar != 0; liar = legacy.liar()) {
            refuse(MemberSet.of(liar), Code.PROTOCOL, "what it hands over is not what others know");
        }
        refuse(legacy.decide(), Code.LIMIT, "the broker has no room for what it hands over");
    }

    /**
     * Whom a broker before has expelled has lost what it had then: others have it by now. One that has come since may have its id:
     * then it is dead.
     */
    private void refuse(List<Outcast> expelled) {
        for (Outcast outcast : expelled) {
            Session session = clients.get(outcast.client());
            boolean another = session != null && !session.isHeir();
            if (!another && liveness.isHeld(outcast.client())) {
                grants.expelled(outcast);
                if (session != null) {
                    refuse(session, Code.LOST, "a broker before has expelled it");
                }
            }
        }
    }

    /** Before anything is moved away from a client that lives. */
    private void remember(int client) {
        grants.expelled(new Outcast(client, groups.lastSlab()));
    }

    private void refuse(MemberSet some, Code code, String reason) {
        for (int client : some.ids()) {
            refuse(Objects.requireNonNull(clients.get(client), "who has handed something over"), code, reason);
        }
    }

    /** Clients that live, and may write wherever the broker before has let them: those that did not come are refused. */
    private MemberSet late() {
        takeOver.look(liveness);
        for (int client : takeOver.awaited()) {
            Session session = clients.get(client);
            if (session == null) {
                outcasts.add(client);
                effects.expelled(client);
            }
        }
        MemberSet late = takeOver.lost();
        for (int client : takeOver.awaited()) {
            late = clients.containsKey(client) ? late : late.with(client);
        }
        return late;
    }

    /** A connection has broken a rule: the client is told, and forgotten. */
    void expel(long connection, String reason) {
        Session session = sessions.get(connection);
        if (session != null) {
            refuse(session, reason);
            over();
        }
    }

    /** A connection has had the time to become a client: it is one, or is told that it may try again. */
    void requireClient(long connection) {
        Session session = sessions.get(connection);
        if (session != null && !session.isClient()) {
            refuse(session, Code.LATE, "it has not shown in time that it is a client");
            over();
        }
    }

    /**
     * A connection has ended, and will not be heard of again.
     *
     * @param dead whether its client is known to be dead, or has never been one; otherwise {@link #died} tells, some day
     */
    void ended(long connection, boolean dead) {
        end(connection, dead, false);
        over();
    }

    private void end(long connection, boolean dead, boolean refused) {
        Session session = sessions.remove(connection);
        if (session == null) {
            return;
        }
        session.end();
        clients.remove(session.clientId(), session);
        takeOver.ended(session, dead, refused);
        takeOver.legacy().takeUnwanted().forEach(effects::retire);
        delays.ended(session);
        waits.ended(session);
        Group global = groups.global();
        global.setMembers(global.memberSet().without(session.clientId()));
        if (dead) {
            buried(session.clientId());
        } else if (session.clientId() != 0) {
            outcasts.add(session.clientId());
        }
        if (!dead && !takeOver.admits(session.clientId())) {
            remember(session.clientId());
        }
        openings.abandon(session, dead);
        delays.retry();
    }

    /** A client that has lost its connection, or never had one, is dead. */
    void died(int clientId) {
        buried(clientId);
        over();
    }

    private void buried(int clientId) {
        outcasts.remove(clientId);
        if (clientId != 0) {
            Map<Group, Group> merged = groups.shed(clientId);
            retirements.merged(merged);
            grants.died(clientId);
            leases.died(clientId);
            catalog.forEach(object -> {
                object.merged(merged.getOrDefault(object.group(), object.group()));
                object.removeStranger(clientId);
                abandonments.died(object, clientId);
                leases.left(object);
            });
            retirements.died(clientId);
        }
    }

    /** There is room again for what is sent to some connection, or it is time to try again what was busy. */
    void roomAgain() {
        delays.retry();
        waits.retry();
        over();
    }

    /** The file of clients is another one: whoever is connected is to show there that it lives. */
    void showAgain() {
        clients.values().forEach(session -> effects.send(session.connection(), new Message.ShowAgain()));
    }

    /** Looks at a part of shared memory, in the background. */
    void patrol() {
        patrol.round();
        over();
    }

    /** The client that a connection is; 0 when it has not shown that it lives. */
    int clientId(long connection) {
        Session session = sessions.get(connection);
        return session == null || !session.isClient() ? 0 : session.clientId();
    }

    /** Whether there is nobody. */
    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** How many clients have lost their connection and are not known to be dead. */
    int outcasts() {
        return outcasts.size();
    }

    /** How many objects there are. */
    int objects() {
        return catalog.size();
    }

    /** How many slots are in use. */
    int slots() {
        return groups.slots();
    }

    /** How many process groups there are, without the global one. */
    int groups() {
        return groups.size();
    }

    /** How many places words have left and clients have not. */
    int tombstones() {
        return retirements.size();
    }

    /** How many things are kept of what clients hold of leased semaphores. */
    int leases() {
        return leases.size();
    }

    /** How many things cannot be done now, because somebody does not read. */
    int delayed() {
        return delays.size();
    }

    // A switch over types is linked when it is first met: that is 10 ms of the start of a broker.
    @SuppressWarnings("IfChainToSwitch")
    private void receivedByClient(Session session, Message message) {
        if (message instanceof Message.Open open) {
            openings.open(session, open);
        } else if (message instanceof Message.OpenToken open) {
            openings.open(session, open);
        } else if (message instanceof Message.Close close) {
            openings.close(session, close);
        } else if (message instanceof Message.ListObjects list) {
            effects.send(session.connection(), entries.page(list.request(), list.after()));
        } else if (message instanceof Message.Describe describe) {
            describe(session, describe);
        } else if (message instanceof Message.Corrupted report) {
            corrupted(session, report);
        } else if (message instanceof Message.Claim claim) {
            claim(session, claim);
        } else if (message instanceof Message.Leave leave) {
            openings.leave(session);
            answers.done(session, leave.request());
        } else if (message instanceof Message.Acknowledge acknowledge) {
            retirements.acknowledged(session.clientId(), acknowledge.object(), acknowledge.from());
        } else if (message instanceof Message.AskWriters ask) {
            writers(session, ask);
        } else if (message instanceof Message.SlabDeclined declined) {
            session.declined(declined.slab());
        } else if (!receivedByWaits(session, message)) {
            String what = message.getClass().getSimpleName();
            refuse(session, "a client does not say " + what + " there");
        }
    }

    @SuppressWarnings("IfChainToSwitch")
    private boolean receivedByWaits(Session session, Message message) {
        if (message instanceof Message.Operate operate) {
            operations.operate(session, operate);
        } else if (message instanceof Message.Await await) {
            waits.await(session, await);
        } else if (message instanceof Message.Withdraw withdraw) {
            waits.withdraw(session, withdraw);
        } else if (message instanceof Message.Signaled signaled) {
            waits.signaled(session, signaled);
        } else if (message instanceof Message.ConditionAwait await) {
            conditions.await(session, await);
        } else if (message instanceof Message.ConditionSignal signal) {
            conditions.signal(session, signal);
        } else if (message instanceof Message.ConditionLeft left) {
            conditions.left(session, left);
        } else if (message instanceof Message.Sync sync) {
            leases.sync(session, sync.request());
        } else {
            return false;
        }
        return true;
    }

    private void describe(Session session, Message.Describe describe) {
        SharedObject object = catalog.withId(describe.object());
        if (object == null) {
            String message = "object 0x%x is gone".formatted(describe.object());
            answers.failed(session, describe.request(), Code.NONE, message);
        } else {
            effects.send(session.connection(), entries.one(describe.request(), object));
        }
    }

    /**
     * What the word at a place claims. LOCKED never outlasts an event of this broker, and a tombstone is where a word was:
     * where the word is, a claim is corruption.
     */
    private void claim(Session session, Message.Claim claim) {
        SharedObject object = session.handles().get(claim.object());
        if (object == null) {
            answers.notOpen(session, claim.request(), claim.object());
            return;
        }
        ClaimState state = ClaimState.CONFIRMED;
        if (object.location().equals(claim.location())) {
            state = object.isCorrupted() ? ClaimState.REFUTED : ClaimState.GONE;
        }
        movers.grant(session, object);
        effects.send(session.connection(), new Message.ClaimAnswer(claim.request(), state, object.location()));
    }

    /**
     * A report that is late, for a place that the client has left, is nobody's fault. Where it has not left it has found no
     * tombstone: it never gets to where the word is, perhaps with a mutex that it owns. What the broker has for itself no
     * client can have seen.
     */
    private void corrupted(Session session, Message.Corrupted report) {
        SharedObject object = session.handles().get(report.object());
        if (object == null || object.isAtBroker()) {
            return;
        }
        if (isWrong(session, object, report) && session.complainsFirst()) {
            effects.log(Effects.Level.WARN, session + " reports a good word of " + object + " as corrupted");
        }
    }

    private boolean isWrong(Session session, SharedObject object, Message.Corrupted report) {
        Location place = report.location();
        if (object.location().equals(place)) {
            return !object.reported(report.word());
        }
        return retirements.isAt(session.clientId(), object.id(), place)
                && !object.reportedBefore(place, report.word(), retirements.members(place));
    }

    private void writers(Session session, Message.AskWriters ask) {
        SharedObject object = session.handles().get(ask.object());
        if (object == null) {
            answers.notOpen(session, ask.request(), ask.object());
        } else {
            answers.writers(session, ask.request(), object);
        }
    }

    private void refuse(Session session, RuntimeException failure) {
        switch (failure) {
            case ProtocolException e -> refuse(session, String.valueOf(e.getMessage()));
            case LimitExceededException e -> refuse(session, Code.LIMIT, String.valueOf(e.getMessage()));
            default -> {
                effects.log(Effects.Level.WARN, "a message could not be dealt with: " + failure);
                refuse(session, "the broker failed to do what it was asked");
            }
        }
    }

    private void refuse(Session session, String reason) {
        refuse(session, Code.PROTOCOL, reason);
    }

    /** Who is late may try again, and loses nothing: that is not worth anybody's while to read. */
    private void refuse(Session session, Code code, String reason) {
        refuse(session, code == Code.LATE ? Effects.Level.INFO : Effects.Level.WARN, code, reason);
    }

    private void refuse(Session session, Effects.Level level, Code code, String reason) {
        effects.log(level, session + " is expelled: " + reason);
        effects.refuse(session.connection(), code, reason);
        effects.expelled(session.clientId());
        end(session.connection(), session.clientId() == 0, code != Code.LATE);
    }

    private int pid(int clientId) {
        Session session = clients.get(clientId);
        return session == null ? 0 : session.pid();
    }
}
