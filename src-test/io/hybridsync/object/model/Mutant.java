package io.hybridsync.object.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The library and its model, loaded a second time with sources that were changed: the file that is shipped, in which one
 * snippet is replaced. The snippet must be there exactly once, so that a mutation cannot outlive what it mutates.
 */
public final class Mutant extends ClassLoader {

    private static final String ROOM = "io.hybridsync.";
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src", "io", "hybridsync");
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private final Map<String, byte[]> classes = new HashMap<>();

    /**
     * Loads them.
     *
     * @param patches none: as they are shipped
     */
    public Mutant(List<Patch> patches) {
        super(Mutant.class.getClassLoader());
        if (!patches.isEmpty()) {
            compile(patches);
        }
    }

    /** The simulation, run on the changed classes. */
    LongFunction<List<String>> simulation(String text) {
        return simulation(Simulation.class, text);
    }

    /**
     * A simulation, run on them.
     *
     * @param simulation a public class, made from a text
     */
    public LongFunction<List<String>> simulation(Class<? extends LongFunction<List<String>>> simulation, String text) {
        try {
            @SuppressWarnings("unchecked")
            LongFunction<List<String>> changed = (LongFunction<List<String>>)
                    loadClass(simulation.getName()).getConstructor(String.class).newInstance(text);
            return changed;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(ROOM)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private void compile(List<Patch> patches) {
        Map<String, String> sources = new HashMap<>();
        for (Patch patch : patches) {
            sources.put(patch.file(), patch.apply(sources.computeIfAbsent(patch.file(), Mutant::read)));
        }
        List<Source> units = sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
        StringWriter messages = new StringWriter();
        List<String> options = List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
        try (Output output = new Output(COMPILER.getStandardFileManager(null, null, null))) {
            if (!COMPILER.getTask(messages, output, null, options, null, units).call()) {
                throw new IllegalStateException("the mutation does not compile: " + messages);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(SOURCES.resolve(file + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///io/hybridsync/" + file + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes. */
    private final class Output extends ForwardingJavaFileManager<JavaFileManager> {

        Output(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
