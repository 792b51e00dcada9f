package io.hybridsync.process;

/**
 * One step of a script that a thread and a process of another JVM follow side by side.
 *
 * <pre>
 *   kind       the actor                                     its partner, at the same time
 *   RELEASE    releases; there were {@code before} permits   -
 *   TRY        tries; succeeds if that many are there        -
 *   LACK       tries for {@code micros} for one too many     -
 *   COUNT      finds {@code before} permits                  -
 *   OVERFLOW   releases one too many, is refused             -
 *   HAND_OVER  acquires more than are there                  releases what is missing, after {@code micros}
 *   MOVE       the same; the actor is always the parent      closes and opens the semaphore, then releases
 *   BORROW     {@code permits} times takes and gives back    does the same
 *   TRY_BORROW takes if it can within {@code micros}, back   does the same
 *   TAKE       takes a permit and keeps it                   -
 *   GIVE       gives the permit back that its partner took   -
 *   OPEN       -                                             opens the semaphore; the actor is always the parent
 *   CLOSE      -                                             closes it; the actor is always the parent
 * </pre>
 *
 * The kinds up to MOVE are for the semaphore that belongs to the pair alone: their outcome is certain. Those after it are
 * for semaphores that other pairs use too: what is certain about them is that all permits are back in the end, and that
 * never one too many comes back.
 *
 * @param kind what is done
 * @param byParent whether the actor is the thread in the parent, or else the child
 * @param semaphore its number
 * @param before the permits that are there, where that is certain
 * @param permits how many the actor takes, gives, or asks for
 * @param micros how long somebody waits before, during or after it
 */
record StressStep(Kind kind, boolean byParent, int semaphore, int before, int permits, int micros) {

    /** What is done. */
    enum Kind {
        RELEASE,
        TRY,
        LACK,
        COUNT,
        OVERFLOW,
        HAND_OVER,
        MOVE,
        BORROW,
        TRY_BORROW,
        TAKE,
        GIVE,
        OPEN,
        CLOSE;

        /** Whether the actor has nobody to wait for. */
        boolean isImmediate() {
            return switch (this) {
                case RELEASE, TRY, COUNT, OVERFLOW, GIVE -> true;
                default -> false;
            };
        }
    }
}
