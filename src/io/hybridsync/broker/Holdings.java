package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;

/**
 * The objects of a domain, and the memory where they are.
 *
 * @param catalog every object
 * @param groups every slab
 * @param retirements the places that words have left and clients have not
 * @param movers keeps each object in memory of exactly those who have it open
 * @param delays what cannot be done now
 * @param abandonments takes mutexes from those who have gone
 * @param leases who holds permits that come back
 * @param looks which objects' waits are to be looked at
 * @param effects for the log
 */
record Holdings(
        Catalog catalog,
        Groups groups,
        Retirements retirements,
        Movers movers,
        Delays delays,
        Abandonments abandonments,
        Leases leases,
        Looks looks,
        Effects effects) {

    /** Some who had it open have gone, whatever becomes of this: what cannot be moved now stays where it is for the moment. */
    void shrink(SharedObject object) {
        if (object.isGone()) {
            return;
        }
        try {
            switch (movers.move(object, object.holders())) {
                case DONE -> moved(object);
                case DELAYED -> delays.owe(object, () -> shrink(object));
                case CORRUPTED -> {}
            }
        } catch (LimitExceededException e) {
            effects.log(Effects.Level.INFO, object + " stays in memory of a client that has closed it: " + e.getMessage());
            delays.owe(object, () -> shrink(object));
        }
    }

    /** The word is in memory of exactly those who have the object open, unless it stays where it is. */
    void moved(SharedObject object) {
        abandonments.moved(object);
        leases.left(object);
        looks.later(object);
    }

    /** The word of an object was found bad. */
    void condemned(SharedObject object) {
        looks.later(object);
        String line = "%s is corrupted: its word at %s was 0x%016x. The clients that could have written it: %s"
                .formatted(object, object.badPlace(), object.badWord(), object.writers());
        effects.log(Effects.Level.WARN, line);
    }
}
