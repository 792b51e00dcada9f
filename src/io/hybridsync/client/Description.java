package io.hybridsync.client;

import java.util.List;

/**
 * An object as the broker sees it at one moment. The same record for the third time: {@code wire.Entry} is the protocol's,
 * which the root must not import, and {@code Snapshot} is the root's, which nothing below it may import.
 *
 * @param id the object's id
 * @param kind name of the kind, in capitals
 * @param name "" for none
 * @param value the value part of the word
 * @param maximum the largest value
 * @param waiters whether WAITERS is set
 * @param ownerClient the client that owns it, or 0
 * @param ownerPid that client's process, or 0
 * @param flags names of the flags that are set
 * @param location where the word is
 * @param group ids of the clients that have the word's memory mapped
 * @param hashValid whether the word verifies
 */
public record Description(
        long id,
        String kind,
        String name,
        int value,
        int maximum,
        boolean waiters,
        int ownerClient,
        int ownerPid,
        List<String> flags,
        String location,
        List<Integer> group,
        boolean hashValid) {}
