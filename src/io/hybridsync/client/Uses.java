package io.hybridsync.client;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What keeps an object open in this client: its handles, and questions that the broker may answer by taking something.
 *
 * <pre>
 *   handles   questions   the object
 *   -------   ---------   ----------------------------------------------------------------------------
 *   some      any         is open
 *   none      some        is kept: nobody uses it, the broker has not heard that it is closed
 *   none      none        is closed, by who has taken away the last of both
 * </pre>
 *
 * <p>A question counts from before it is asked. Who is answered uses the answer, and then it does not count any more; but a
 * broker that stands still may grant something long after nobody waits for it. That is to be taken back, which needs the
 * object; so the question counts until that is done, whichever broker does it. On one connection all has its order: before the
 * broker reads that the object is closed it has answered, and has read what takes back what it has granted.
 *
 * <p>Questions are kept by identity, so that it can be said again that one is settled: the thread that says so may fail on the way.
 *
 * <p>Once it is over it stays over; there may be another residence of the same object then. Thread-safe.
 */
final class Uses {

    private int handles;
    private final Set<Object> questions = new HashSet<>();
    private boolean over;
    private @Nullable CompletableFuture<Boolean> answered;

    /** One more handle. */
    synchronized void opened() {
        handles++;
    }

    /**
     * One handle less.
     *
     * @param atOnce whether nothing can be taken by what is not answered
     * @return true if that ends it
     */
    synchronized boolean closed(boolean atOnce) {
        handles--;
        over |= handles == 0 && (questions.isEmpty() || atOnce);
        return over;
    }

    /** It ends, whoever uses it. */
    synchronized void end() {
        over = true;
    }

    /** Whether there is no handle, and no question. */
    synchronized boolean areNone() {
        return handles == 0 && questions.isEmpty();
    }

    /** Whether there are only questions. */
    synchronized boolean areQuestions() {
        return handles == 0 && !questions.isEmpty() && !over;
    }

    /** One question more, to be paired with {@link #settled}; false if it is over, and the broker may have heard that. */
    synchronized boolean asking(Object question) {
        questions.add(question);
        return !over;
    }

    /** That question does not count any more; true if nothing keeps the object open any more, and somebody is to close it. */
    synchronized boolean settled(Object question) {
        questions.remove(question);
        if (questions.isEmpty() && answered != null) {
            answered.complete(true);
            answered = null;
        }
        return handles == 0 && questions.isEmpty() && !over;
    }

    /** Done when there are no questions. */
    synchronized CompletableFuture<Boolean> answers() {
        if (questions.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> answers = answered == null ? new CompletableFuture<>() : answered;
        answered = answers;
        return answers;
    }
}
