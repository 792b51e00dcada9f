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
 * or append at the same time take the same file twice, or write over each other's results. That is what the demo's mutex is
 * for, and how it would show if it failed.
 *
 * <p>Taking a file is two writes: "taking N" in the journal, then the number of the next file; the journal is cleared after
 * them. So whoever comes after one that died in between can tell, and undoes it; without that the file would be left out.
 *
 * <p>The list has URIs, for a file's name is any bytes but zero and slash: line ends, and what no charset decodes. A URI
 * has them all, in ASCII.
 */
final class SharedWork implements AutoCloseable {

    private static final String LIST = "list";
    private static final String NEXT = "next";
    private static final String JOURNAL = "journal";
    private static final String TAKING = "taking ";
    /** In the file of the next index, after it: how many half-done changes were undone. */
    private static final long REPAIRS = Integer.BYTES;
    private static final String RESULTS = "results";
    private static final String GAUGE = "gauge";

    private final Path directory;
    private final List<String> files;
    private final RandomAccessFile next;
    private final RandomAccessFile journal;
    private final RandomAccessFile results;

    /** Opens what {@link #create} made. */
    SharedWork(Path directory) throws IOException {
        this.directory = directory;
        this.files = Files.readAllLines(directory.resolve(LIST));
        this.next = new RandomAccessFile(directory.resolve(NEXT).toFile(), "rw");
        this.journal = new RandomAccessFile(directory.resolve(JOURNAL).toFile(), "rw");
        this.results = new RandomAccessFile(directory.resolve(RESULTS).toFile(), "rw");
    }

    static SharedWork create(Path directory, List<Path> files) throws IOException {
        Files.write(directory.resolve(LIST), files.stream().map(Path::toUri).map(Object::toString).toList());
        SharedWork work = new SharedWork(directory);
        work.next.writeInt(0);
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
        if (next() >= files.size()) {
            return -1;
        }
        int index = beginTaking();
        journal.setLength(0);
        return index;
    }

    /** The half of it that has to be undone unless the other half follows. */
    int beginTaking() throws IOException {
        int index = next();
        journal.seek(0);
        journal.write((TAKING + index).getBytes(StandardCharsets.US_ASCII));
        setNext(index + 1);
        return index;
    }

    /**
     * Undoes what somebody had half done.
     *
     * @throws IOException also when there is no such thing
     */
    void repair() throws IOException {
        journal.seek(0);
        String line = journal.readLine();
        if (line == null || !line.startsWith(TAKING)) {
            throw new IOException("an owner of the mutex died, and the journal says: " + line);
        }
        setNext(Integer.parseInt(line.substring(TAKING.length())));
        int repairs = repairs();
        next.seek(REPAIRS);
        next.writeInt(repairs + 1);
        journal.setLength(0);
    }

    /**
     * That nothing is half done.
     *
     * @throws IOException if something is
     */
    void requireWhole() throws IOException {
        if (journal.length() != 0) {
            throw new IOException("a change of the list is half done, and nobody said so");
        }
    }

    /** How many changes that were half done have been undone. */
    int repairs() throws IOException {
        next.seek(REPAIRS);
        return next.readInt();
    }

    /** How many files have been taken. */
    int taken() throws IOException {
        return Math.min(next(), files.size());
    }

    private int next() throws IOException {
        next.seek(0);
        return next.readInt();
    }

    private void setNext(int index) throws IOException {
        next.seek(0);
        next.writeInt(index);
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
        journal.close();
        results.close();
    }
}
