package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Authority.Grant;
import io.hybridsync.object.Ending;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Patience;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Wanted;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Waits for objects at the broker: what of them it is told, and what its answers mean. */
final class BrokerWaits {

    private final Correspondence connection;

    BrokerWaits(Correspondence connection) {
        this.connection = connection;
    }

    /** As {@link io.hybridsync.object.Authority#await}. */
    Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience) throws InterruptedException {
        if (wants.size() > Wanted.MOST) {
            throw new LimitExceededException(
                    "a wait for %d objects: %d is the most".formatted(wants.size(), Wanted.MOST));
        }
        List<Want> alerts = alert == null ? List.of() : List.of(alert);
        List<Want> everything = Stream.concat(wants.stream(), alerts.stream()).toList();
        Correspondence.Vigil wait = connection.vigil(
                number -> new Message.Await(number, all, wanted(wants), wanted(alerts)),
                () -> everything.forEach(Want::checkOpen),
                answer -> taken(all, wants, alerts, answer).forEach(Want::granted),
                late -> giveBack(all, wants, alerts, late));
        Request asked = wait.request();
        try {
            connection.watch(asked);
            keepOpen(everything);
            wait.begin();
            Grant grant = grant(wait.await(patience));
            everything.forEach(Want::mayClose);
            asked.busy = false;
            return grant;
        } catch (RuntimeException | InterruptedException e) {
            if (!wait.isGivenUp()) {
                everything.forEach(Want::mayClose);
            }
            asked.busy = false;
            throw e;
        } finally {
            asked.failed |= asked.busy;
        }
    }

    private static void keepOpen(List<Want> everything) {
        List<Want> closed = everything.stream().filter(want -> !want.keepOpen()).toList();
        closed.forEach(Want::checkOpen);
        if (!closed.isEmpty()) {
            throw new ObjectClosedException("a handle that is waited for is closed");
        }
    }

    static List<Wanted> wanted(List<Want> wants) {
        return wants.stream()
                .map(want -> new Wanted(want.object(), want.rule().code(), want.argument()))
                .toList();
    }

    static Grant grant(Message.Awaited awaited) {
        Ending ending = switch (awaited.outcome()) {
            case TAKEN -> Ending.TAKEN;
            case ALERTED -> Ending.ALERTED;
            case WITHDRAWN -> Ending.TIMED_OUT;
            case ENDED -> Ending.ENDED;
        };
        return new Grant(ending, awaited.index(), awaited.abandoned());
    }

    /** What the broker has taken for the client, as it says. */
    static List<Want> taken(boolean all, List<Want> wants, List<Want> alerts, Message.Answer answer) {
        if (!(answer instanceof Message.Awaited awaited)) {
            return List.of();
        }
        return switch (awaited.outcome()) {
            case TAKEN -> all ? wants : wants.stream().skip(awaited.index()).limit(1).toList();
            case ALERTED -> alerts;
            case WITHDRAWN, ENDED -> List.of();
        };
    }

    /** By the connection's thread: the broker has answered a thread that had given up. What it has taken goes back. */
    private void giveBack(boolean all, List<Want> wants, List<Want> alerts, Message.Answer late) {
        List<Want> taken = taken(all, wants, alerts, late);
        List<Integer> abandoned = late instanceof Message.Awaited awaited ? awaited.abandoned() : List.of();
        Stream.concat(wants.stream(), alerts.stream())
                .filter(want -> !taken.contains(want))
                .forEach(Want::mayClose);
        taken.forEach(want -> connection.aside(
                "giving back what a wait has taken too late",
                () -> want.giveBack(abandoned.contains(wants.indexOf(want))),
                want::mayClose));
    }
}
