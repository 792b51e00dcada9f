package io.hybridsync.client;

import io.hybridsync.wire.Channel;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;

/**
 * What a client has once the broker has welcomed it.
 *
 * @param directory the domain's own directory
 * @param channel to the broker
 * @param slabs that the broker grants
 * @param id the client's id in the domain
 * @param liveness holds the lock on this client's byte
 */
record Session(DomainDirectory directory, Channel channel, Slabs slabs, int id, ClientsFile liveness) {

    /**
     * Lets go of everything but the channel, which has ended: a slab that came late would be nobody's. The lock has gone
     * before, for the broker may look for it when the channel ends.
     */
    void release() {
        liveness.close();
        slabs.close();
        directory.close();
    }
}
