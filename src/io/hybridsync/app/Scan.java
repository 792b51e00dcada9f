package io.hybridsync.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The regular files below a directory, and what else is there. Symbolic links are not followed, so that no loop of them
 * matters; what cannot be read is reported.
 */
final class Scan extends SimpleFileVisitor<Path> {

    /** A file as it was found. */
    record Found(Path path, long bytes, FileTime modified) {

        /** Whether the file is still as it was found. */
        boolean isUnchanged() {
            try {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                return now.size() == bytes && now.lastModifiedTime().equals(modified);
            } catch (IOException e) {
                return false;
            }
        }
    }

    private final List<Found> files = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    static Scan of(Path directory) throws IOException {
        Scan scan = new Scan();
        Files.walkFileTree(directory, scan);
        return scan;
    }

    List<Found> files() {
        return files;
    }

    /** What was left out, with the reason. */
    List<String> skipped() {
        return skipped;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            skipped.add(file + ": " + (attributes.isSymbolicLink() ? "a symbolic link, not followed" : "no regular file"));
        } else {
            files.add(new Found(file, attributes.size(), attributes.lastModifiedTime()));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException reason) {
        skipped.add(file + ": " + reason);
        return FileVisitResult.CONTINUE;
    }
}
