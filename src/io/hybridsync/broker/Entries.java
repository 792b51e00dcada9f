package io.hybridsync.broker;

import io.hybridsync.wire.Codec;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Describes objects for people, page by page. */
final class Entries {

    private static final int OWNER = (1 << 30) - 1;
    private static final int PAGE_BYTES = Codec.MAX_FRAME - Codec.HEADER - 16;

    private final Catalog catalog;
    private final IntUnaryOperator pids;

    /** @param pids the process of a client, 0 when unknown */
    Entries(Catalog catalog, IntUnaryOperator pids) {
        this.catalog = catalog;
        this.pids = pids;
    }

    /** One page: as many objects behind an id as a message takes. */
    Message.Listing page(int request, long after) {
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        SharedObject next = catalog.after(after);
        while (next != null) {
            Entry entry = entry(next);
            bytes += entry.encodedBound();
            if (bytes > PAGE_BYTES) {
                break;
            }
            entries.add(entry);
            next = catalog.after(next.id());
        }
        return new Message.Listing(request, next != null, entries);
    }

    /** One object. */
    Message.Listing one(int request, SharedObject object) {
        return new Message.Listing(request, false, List.of(entry(object)));
    }

    private Entry entry(SharedObject object) {
        long word = object.word();
        boolean valid = object.slot().isValid(word);
        int owner = valid && object.spec().kind() == Kind.MUTEX ? Word.data(word) & OWNER : 0;
        return new Entry(
                object.id(),
                object.name(),
                object.spec(),
                word,
                object.location(),
                valid,
                object.isCorrupted(),
                object.group().members(),
                owner,
                pid(owner));
    }

    private int pid(int owner) {
        return owner == 0 ? 0 : pids.applyAsInt(owner);
    }
}
