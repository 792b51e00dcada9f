package io.hybridsync.app;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the demo is asked to do.
 *
 * @param directory whose files are read
 * @param workers how many processes work at a time
 * @param permits how many of them may read at a time
 * @param sabotage whether the workers leave out the acquires and locks, to see that the checks fail then
 * @param kill whether processes that wait, such that own the mutex, and the broker, are killed meanwhile
 * @param groups whether it is checked who has what mapped
 */
record DemoOptions(Path directory, int workers, int permits, boolean sabotage, boolean kill, boolean groups) {

    private static final int MOST_WORKERS = 64;
    private static final int MOST_PERMITS = 1 << 20;

    static DemoOptions parse(String[] arguments) {
        Path directory = null;
        int workers = 4;
        int permits = 2;
        boolean sabotage = false;
        boolean kill = false;
        boolean groups = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--workers" -> workers = number(arguments, ++i, MOST_WORKERS);
                case "--permits" -> permits = number(arguments, ++i, MOST_PERMITS);
                case "--sabotage" -> sabotage = true;
                case "--kill" -> kill = true;
                case "--groups" -> groups = true;
                default -> {
                    if (arguments[i].startsWith("--") || directory != null) {
                        throw new IllegalArgumentException("demo: what is " + arguments[i] + '?');
                    }
                    directory = Path.of(arguments[i]);
                }
            }
        }
        if (sabotage && groups) {
            throw new IllegalArgumentException("demo: --groups needs workers that acquire, and --sabotage's do not");
        }
        Path place = checked(directory == null ? Path.of("") : directory);
        return new DemoOptions(place, workers, permits, sabotage, kill, groups);
    }

    private static Path checked(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("demo: " + directory + " is no directory");
        }
        return directory.toAbsolutePath().normalize();
    }

    private static int number(String[] arguments, int index, int most) {
        String option = arguments[index - 1];
        if (index >= arguments.length) {
            throw new IllegalArgumentException("demo: " + option + " needs a number");
        }
        try {
            int number = Integer.parseInt(arguments[index]);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("demo: " + option + ' ' + arguments[index] + " is no number", e);
        }
        throw new IllegalArgumentException("demo: " + option + " is between 1 and " + most);
    }
}
