package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants to wait for, and refuses what makes no sense: that is answered here. */
final class Wishes {

    private final Admission admission;
    private final Answers answers;

    Wishes(Admission admission, Answers answers) {
        this.admission = admission;
        this.answers = answers;
    }

    /** The wait, or null when it is refused. */
    @Nullable PendingWait read(Session session, Message.Await await, long ticket) {
        if (await.wanted().size() > Wanted.MOST) {
            String message = "a wait for %d objects: %d is the most".formatted(await.wanted().size(), Wanted.MOST);
            answers.failed(session, await.request(), Code.LIMIT, message);
            return null;
        }
        if (await.alert().size() > 1 || (await.wanted().isEmpty() && await.alert().isEmpty())) {
            return refuse(session, await, "a wait for nothing, or with two alerts");
        }
        List<PendingWait.Wish> wishes = wishes(session, await, await.wanted());
        List<PendingWait.Wish> alert = wishes == null ? null : wishes(session, await, await.alert());
        if (wishes == null || alert == null) {
            return null;
        }
        if (await.all() && hasTwice(wishes)) {
            return refuse(session, await, "a wait for all of some objects names one of them twice");
        }
        if (!alert.isEmpty() && alert.getFirst().object().spec().kind() != Kind.EVENT) {
            return refuse(session, await, alert.getFirst().object() + " is no event, and cannot alert");
        }
        return new PendingWait(
                session, await.request(), ticket, await.all(), wishes, alert.isEmpty() ? null : alert.getFirst());
    }

    private @Nullable List<PendingWait.Wish> wishes(Session session, Message.Await await, List<Wanted> wanted) {
        List<PendingWait.Wish> wishes = new ArrayList<>();
        for (Wanted next : wanted) {
            PendingWait.Wish wish = wish(session, await, next);
            if (wish == null) {
                return null;
            }
            wishes.add(wish);
        }
        return wishes;
    }

    private PendingWait.@Nullable Wish wish(Session session, Message.Await await, Wanted wanted) {
        SharedObject object = admission.usable(session, await.request(), wanted.object());
        if (object == null) {
            return null;
        }
        Rule rule = WaitRules.ofWait(session.clientId(), object.spec(), wanted.rule(), wanted.argument());
        if (rule == null) {
            refuse(session, await, "nobody waits for %s by rule %d with %d".formatted(object, wanted.rule(), wanted.argument()));
            return null;
        }
        return new PendingWait.Wish(object, rule, wanted.argument());
    }

    private static boolean hasTwice(List<PendingWait.Wish> wishes) {
        Set<SharedObject> seen = new HashSet<>();
        return !wishes.stream().allMatch(wish -> seen.add(wish.object()));
    }

    private @Nullable PendingWait refuse(Session session, Message.Await await, String why) {
        answers.failed(session, await.request(), Code.PROTOCOL, why);
        return null;
    }
}
