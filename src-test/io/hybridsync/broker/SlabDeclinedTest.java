package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class SlabDeclinedTest {

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    @Test
    void aSlabThatTheClientHadNoRoomForIsGrantedAgain() {
        fixture.start();
        TestClient client = fixture.client();
        long slab = client.opened(Mode.CREATE, "a").location().slab();
        client.opened(Mode.CREATE, "b");
        assertThat(client.grants()).hasSize(1);
        client.send(new Message.SlabDeclined(slab));
        client.opened(Mode.CREATE, "c");
        assertThat(client.grants()).extracting(Message.SlabGrant::slab).containsExactly(slab, slab);
    }
}
