package io.hybridsync.client;

import io.hybridsync.wire.Channel;
import io.hybridsync.wire.DomainDirectory;

/**
 * A connection to a broker that has welcomed this client.
 *
 * @param directory the domain's own directory, where the broker listens
 * @param channel to the broker
 */
record Contact(DomainDirectory directory, Channel channel) implements AutoCloseable {

    @Override
    public void close() {
        channel.close();
        directory.close();
    }
}
