package io.hybridsync.broker;

import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An object of the broker before, as the clients that have it open hand it over. They all say the same of what it is. */
final class Bequest {

    private final Message.HandObject first;
    private final TreeMap<Integer, Message.HandObject> statements = new TreeMap<>();

    Bequest(Message.HandObject first) {
        this.first = first;
    }

    /** Whether a statement is about the same object. */
    boolean isSame(Message.HandObject statement) {
        return statement.name().equals(first.name())
                && statement.spec().equals(first.spec())
                && statement.token().equals(first.token());
    }

    /** A client has it open, and says the same of it. */
    void add(int clientId, Message.HandObject statement) {
        statements.put(clientId, statement);
    }

    /** A client does not have it open any more; whether nobody has then. */
    boolean remove(int clientId) {
        statements.remove(clientId);
        return statements.isEmpty();
    }

    long id() {
        return first.object();
    }

    String name() {
        return first.name();
    }

    Spec spec() {
        return first.spec();
    }

    Token token() {
        return first.token();
    }

    boolean isAtBroker() {
        return SharedObject.isAtBroker(spec());
    }

    /** What the clients say that have it open, by their ids, ascending. */
    Map<Integer, Message.HandObject> statements() {
        return statements;
    }

    MemberSet holders() {
        MemberSet holders = MemberSet.NONE;
        for (int client : statements.keySet()) {
            holders = holders.with(client);
        }
        return holders;
    }

    /**
     * Where they use the word, in memory that they share; empty also where all know it as corrupted, and have not got that any
     * more.
     */
    Set<Location> places() {
        Set<Location> places = new LinkedHashSet<>();
        placed().forEach(statement -> places.add(statement.location()));
        return places;
    }

    /** What those say who say a place in memory that clients share. */
    Stream<Message.HandObject> placed() {
        return statements.values().stream().filter(statement -> !statement.location().equals(Location.BROKER));
    }

    /** All moves that they were told of; the same one perhaps more than once. */
    List<Told> told() {
        return statements.values().stream()
                .map(Message.HandObject::told)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
    }

    /** The word that was found bad, as one of them says; 0 if none does. */
    long badWord() {
        return statements.values().stream()
                .filter(Message.HandObject::corrupted)
                .mapToLong(Message.HandObject::badWord)
                .findFirst()
                .orElse(0);
    }

    /** Whether one of them knows that the word is bad. */
    boolean isCorrupted() {
        return statements.values().stream().anyMatch(Message.HandObject::corrupted);
    }
}
