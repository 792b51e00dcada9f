package io.hybridsync;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The state of an object at one moment, for people who debug. By the time it is read it may be history.
 *
 * @param id the object's number in its domain
 * @param kind semaphore, mutex or event
 * @param name empty for an object without a name
 * @param value the value part of the word; of a semaphore, the permits that are there
 * @param maximum the largest value
 * @param waiters whether somebody may be asleep on the word; it stays set for a while after the last one has gone
 * @param ownerClient the client that owns a mutex
 * @param ownerPid that client's process id, as the broker sees it
 * @param flags names of the flags that are set: LOCKED, MOVED, CORRUPTED, WAKE_BROKER
 * @param location where the word is
 * @param group ids of the clients that have the memory of the word mapped
 * @param hashValid whether the word verifies
 */
public record Snapshot(
        long id,
        Kind kind,
        Optional<String> name,
        int value,
        int maximum,
        boolean waiters,
        OptionalInt ownerClient,
        OptionalInt ownerPid,
        Set<String> flags,
        String location,
        Set<Integer> group,
        boolean hashValid) {}
