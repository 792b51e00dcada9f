package io.hybridsync.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The work list and the result file that the demo's processes share. Nothing here protects itself: two processes that take
 * or append at the same time take the same file twice, or write over each other's results. That is what the demo's
 * semaphore is for, and how it would show if it failed.
 *
 * <p>The list has URIs, for a file's name is any bytes but zero and slash: line ends, and what no charset decodes. A URI
 * has them all, in ASCII.
 */
final class SharedWork implements AutoCloseable {

    private static final String LIST = "list";
    private static final String NEXT = "next";
    private static final String RESULTS = "results";
    private static final String GAUGE = "gauge";

    private final Path directory;
    private final List<String> files;
    private final RandomAccessFile next;
    private final RandomAccessFile results;

    /** Opens what {@link #create} made. */
    SharedWork(Path directory) throws IOException {
        this.directory = directory;
        this.files = Files.readAllLines(directory.resolve(LIST));
        this.next = new RandomAccessFile(directory.resolve(NEXT).toFile(), "rw");
        this.results = new RandomAccessFile(directory.resolve(RESULTS).toFile(), "rw");
    }

    static SharedWork create(Path directory, List<Path> files) throws IOException {
        Files.write(directory.resolve(LIST), files.stream().map(Path::toUri).map(Object::toString).toList());
        SharedWork work = new SharedWork(directory);
        work.next.writeInt(0);
        return work;
    }

    /** The counters of who reads. */
    Gauge gauge() {
        return new Gauge(directory.resolve(GAUGE));
    }

    int size() {
        return files.size();
    }

    Path file(int index) {
        return Path.of(URI.create(files.get(index)));
    }

    /** The index of the next file to do, or -1. Not atomic. */
    int take() throws IOException {
        int index = taken();
        if (index >= files.size()) {
            return -1;
        }
        next.seek(0);
        next.writeInt(index + 1);
        return index;
    }

    /** How many files have been taken. */
    int taken() throws IOException {
        next.seek(0);
        return next.readInt();
    }

    /** Adds a result. Not atomic. */
    void append(int index, String result) throws IOException {
        long end = results.length();
        results.seek(end);
        results.write((index + " ").getBytes(StandardCharsets.UTF_8));
        results.write((DemoReport.printable(result) + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** All results: lines of an index, a space, and what was appended. */
    List<String> results() {
        try {
            return Files.readAllLines(directory.resolve(RESULTS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        next.close();
        results.close();
    }
}
