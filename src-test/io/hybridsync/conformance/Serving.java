package io.hybridsync.conformance;

import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Version;
import java.nio.file.Path;
import java.util.List;

/**
 * Who serves a domain. A client that knows more than any broker is told what the broker knows: that is its build.
 *
 * @param pid the process that listens, 0 for none
 * @param minor the minor version of the protocol that it speaks
 */
record Serving(int pid, int minor) {

    private static final Serving NOBODY = new Serving(0, 0);

    /** Who serves a domain now. A broker that is just ending is none. */
    static Serving in(Path parent, String domain) {
        List<DomainDirectory> places = Domain.of(domain, parent).find();
        try {
            return places.isEmpty() ? NOBODY : at(places.getFirst());
        } finally {
            places.forEach(DomainDirectory::close);
        }
    }

    private static Serving at(DomainDirectory place) {
        try (SeqPacket socket = SeqPacket.open()) {
            if (place.connect(socket) != 0) {
                return NOBODY;
            }
            Channel channel = new Channel(socket);
            int _ = channel.trySend(Codec.encode(new Message.Hello(Version.MAJOR, Integer.MAX_VALUE, "a test")), null);
            Channel.Received answer = channel.receive();
            return answer != null && answer.message() instanceof Message.Welcome welcome
                    ? new Serving(socket.peer().pid(), welcome.minor())
                    : NOBODY;
        }
    }
}
