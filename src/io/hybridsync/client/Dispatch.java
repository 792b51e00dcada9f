package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the broker says, and where each message belongs. Confined to the connection's thread.
 *
 * <p>An answer that comes after its request gave up is handed to what that request left for it. An object that moves to memory
 * which this process has no room for is handed to {@code stranded}; one that there is no room for when it is opened is closed
 * again before anybody hears that it was open.
 */
final class Dispatch {

    private final Connection connection;
    private final Slabs slabs;
    private final Keepsakes keepsakes;
    private final Residences residences;
    private final Requests requests;
    private final Succession succession;
    private final Consumer<Message.Answer> late;
    private final ObjLongConsumer<LimitExceededException> stranded;

    /** @param late what is done with answers that nobody waits for */
    Dispatch(
            Connection connection,
            Slabs slabs,
            Keepsakes keepsakes,
            Residences residences,
            Requests requests,
            Succession succession,
            Consumer<Message.Answer> late,
            ObjLongConsumer<LimitExceededException> stranded) {
        this.connection = connection;
        this.slabs = slabs;
        this.keepsakes = keepsakes;
        this.residences = residences;
        this.requests = requests;
        this.succession = succession;
        this.late = late;
        this.stranded = stranded;
    }

    /**
     * By the connection's thread: deals with a message.
     *
     * @throws BrokerUnavailableException when the broker has expelled this client
     * @throws ProtocolException when it says what is not its turn
     */
    void take(Channel.Received received) {
        switch (received.message()) {
            case Message.SlabGrant grant -> {
                if (!slabs.grant(grant, received)) {
                    connection.tell(new Message.SlabDeclined(grant.slab()));
                }
            }
            case Message.SlabRevoke revoke -> slabs.revoke(revoke.slab());
            case Message.Keep keep -> keepsakes.keep(keep, received);
            case Message.Moving moving -> unlessStranded(moving.object(), () -> residences.moving(moving));
            case Message.Moved moved -> residences.moved(moved);
            case Message.Located located -> unlessStranded(located.object(), () -> residences.located(located));
            case Message.TakenOver _ -> takenOver();
            case Message.ShowAgain _ -> succession.showAgain();
            case Message.Queued queued -> queued(queued);
            case Message.Opened opened -> opened(opened);
            case Message.ClaimAnswer claim -> claimed(claim);
            case Message.Answer answer -> answer(answer);
            case Message.Refused refused when refused.code() == Code.LATE -> connection.comeAgain();
            case Message.Refused refused when refused.code() == Code.LOST && connection.startsAnew() -> {}
            case Message.Refused refused ->
                throw new BrokerUnavailableException("it has expelled this client: " + refused.reason());
            default -> throw new ProtocolException("the broker sent %s, which is not its turn"
                    .formatted(received.message().getClass().getSimpleName()));
        }
    }

    private void takenOver() {
        residences.all().map(Residence::places).forEach(Places::takenOver);
        residences.nobodyWaits();
        succession.served();
    }

    private void unlessStranded(long object, Runnable move) {
        try {
            move.run();
        } catch (LimitExceededException e) {
            stranded.accept(e, object);
        }
    }

    private void queued(Message.Queued queued) {
        Request wait = requests.find(queued.request());
        if (wait != null) {
            wait.queued(queued.ticket());
        }
    }

    /** What there is no room for is closed again before anybody hears that it was open. */
    private void opened(Message.Opened opened) {
        try {
            residences.opened(opened, isForMore(requests.find(opened.request())), connection);
            answer(opened);
        } catch (LimitExceededException e) {
            connection.askAside(number -> new Message.Close(number, opened.object()));
            answer(new Message.Failed(opened.request(), Code.LIMIT, String.valueOf(e.getMessage())));
        }
    }

    private static boolean isForMore(@Nullable Request request) {
        return request != null
                && switch (request.message()) {
                    case Message.Open open -> !open.query();
                    case Message.OpenToken open -> !open.query();
                    default -> false;
                };
    }

    private void claimed(Message.ClaimAnswer answer) {
        try {
            Request request = requests.find(answer.request());
            if (request != null && request.message() instanceof Message.Claim claim) {
                residences.claimed(claim, answer.location());
            }
            answer(answer);
        } catch (LimitExceededException e) {
            answer(new Message.Failed(answer.request(), Code.LIMIT, String.valueOf(e.getMessage())));
        }
    }

    private void answer(Message.Answer answer) {
        Request request = requests.find(answer.request());
        if (request == null) {
            late.accept(answer);
        } else {
            requests.answered(request, answer);
        }
    }
}
