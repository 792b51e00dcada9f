package io.hybridsync.process;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Snapshot;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.OpenFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What there is at a moment of {@link SoakIT} when nobody but the test's own JVM has an object open.
 *
 * @param client what this process has
 * @param broker what the broker of the moment has
 * @param heapBytes of this JVM's heap in use, after it was cleaned up
 * @param nativeKilobytes of memory that this JVM has besides
 * @param files this process's open files, of each sort so many, but for slabs
 * @param objects the objects that the broker knows
 */
record SoakSample(
        Figures client,
        Figures broker,
        long heapBytes,
        long nativeKilobytes,
        Map<String, Long> files,
        TreeSet<String> objects) {

    private static final String SLAB = "/memfd:hybrid-sync-slab";

    /** The broker's own slabs, of which clients keep the descriptors, and its journal. */
    private static final String OWN = "/memfd:hybrid-sync-own";

    /** What may come and go meanwhile: a slab that is spare, or of a broker before and not yet empty. */
    private static final int SLAB_SLACK = 4;

    /** Each thread of the JVM that comes or goes is two or three. */
    private static final int MAPPING_SLACK = 24;

    private static final long HEAP_SLACK_BYTES = 4 << 20;
    private static final long RESIDENT_SLACK_KILOBYTES = 24 << 10;

    static SoakSample of(SyncDomain domain, Path directory) {
        System.gc();
        Runtime jvm = Runtime.getRuntime();
        long heap = jvm.totalMemory() - jvm.freeMemory();
        TreeSet<String> objects =
                domain.objects().stream().map(SoakSample::text).collect(toCollection(TreeSet::new));
        Map<String, Long> files = OpenFiles.now().stream()
                .map(file -> file.replaceFirst("\\[\\d+\\]|-[0-9a-f]+ \\(deleted\\)", ""))
                .filter(file -> !file.equals(SLAB))
                .collect(groupingBy(file -> file, TreeMap::new, counting()));
        Figures broker = Figures.of(Residue.brokers(directory).getFirst().pid());
        Figures client = Figures.of(ProcessHandle.current().pid());
        return new SoakSample(client, broker, heap, NativeMemory.residentKilobytes(), files, objects);
    }

    private static String text(Snapshot object) {
        return object.kind() + " " + object.name().orElse("(none)") + " " + object.id();
    }

    /** Whether what can be exact is the same, and there are not more slabs. */
    boolean isLike(SoakSample first) {
        return exactly(files).equals(exactly(first.files))
                && objects.equals(first.objects)
                && client.slabs() <= first.client.slabs() + SLAB_SLACK
                && broker.slabs() <= first.broker.slabs() + SLAB_SLACK;
    }

    private static Map<String, Long> exactly(Map<String, Long> files) {
        Map<String, Long> exactly = new TreeMap<>(files);
        exactly.remove(OWN);
        return exactly;
    }

    /** The last quarter is as the second one; in the first all was done for the first time. */
    static void requireFlat(List<SoakSample> samples) {
        int quarter = samples.size() / 4;
        List<SoakSample> second = samples.subList(quarter, 2 * quarter);
        List<SoakSample> last = samples.subList(samples.size() - quarter, samples.size());
        requireFlat("heap", second, last, SoakSample::heapBytes, HEAP_SLACK_BYTES);
        requireFlat("native memory", second, last, SoakSample::nativeKilobytes, RESIDENT_SLACK_KILOBYTES);
        requireFlat("broker's memory", second, last, sample -> sample.broker.residentKilobytes(), RESIDENT_SLACK_KILOBYTES);
        requireFlat("client", second, last, SoakSample::client);
        requireFlat("broker", second, last, SoakSample::broker);
    }

    private static void requireFlat(
            String what, List<SoakSample> second, List<SoakSample> last, Function<SoakSample, Figures> of) {
        requireFlat(what + ": slabs", second, last, sample -> of.apply(sample).slabs(), SLAB_SLACK);
        requireFlat(what + ": files", second, last, sample -> of.apply(sample).files(), SLAB_SLACK);
        requireFlat(what + ": mappings", second, last, sample -> of.apply(sample).mappings(), MAPPING_SLACK);
    }

    private static void requireFlat(
            String what, List<SoakSample> second, List<SoakSample> last, ToLongFunction<SoakSample> number, long slack) {
        assertThat(median(last, number)).as(what).isLessThanOrEqualTo(median(second, number) + slack);
    }

    private static long median(List<SoakSample> samples, ToLongFunction<SoakSample> number) {
        return samples.stream().mapToLong(number).sorted().skip(samples.size() / 2).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return "heap %.1f MB, native %.1f MB; %s, %s; broker %s; %d objects"
                .formatted(heapBytes / 1e6, nativeKilobytes / 1e3, client, files.values(), broker, objects.size());
    }
}
