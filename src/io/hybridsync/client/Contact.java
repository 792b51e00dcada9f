package io.hybridsync.client;

import io.hybridsync.wire.Channel;
import io.hybridsync.wire.DomainDirectory;

/**
 * A connection to a broker that has welcomed this client.
 *
 * @param directory the domain's own directory, where the broker listens
 * @param channel to the broker
 * @param client what the broker calls this client
 * @param heir whether the broker takes over what it has from one before; it takes it for a new client, which has nothing, if not
 */
record Contact(DomainDirectory directory, Channel channel, int client, boolean heir) implements AutoCloseable {

    @Override
    public void close() {
        channel.close();
        directory.close();
    }
}
