package io.hybridsync.chaos;

import static org.objectweb.asm.Opcodes.ACC_PRIVATE;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SYNTHETIC;
import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.I2L;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.LCONST_0;
import static org.objectweb.asm.Opcodes.LLOAD;

import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * A jar of the library with a kill point on either side of every access, made from its class files.
 *
 * <p>An access is an instruction: a call of a VarHandle on a memory segment, or of a method handle, which is how the kernel is
 * called. Every one of them, in whatever class, becomes a call of a method that was not there before, {@code access$N}:
 *
 * <pre>
 *   before = KillPoints.before("compareAndSet", true, address, expected, next);
 *   result = handle.compareAndSet(segment, address, expected, next);
 *   KillPoints.after(before, "compareAndSet", true, address, expected, next, result);
 *   return result;
 * </pre>
 *
 * So an access that is new in the library has its points the day it is there. Memory segments are used without a VarHandle
 * only in the room {@code kernel}, for structs in memory of the process's own; elsewhere that is refused.
 */
final class Instrumented {

    private static final String POINTS = Type.getInternalName(KillPoints.class);
    private static final String SEGMENT = "java/lang/foreign/MemorySegment";
    private static final String SEGMENT_TYPE = "L" + SEGMENT + ";";
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
    private static final String METHOD_HANDLE = "java/lang/invoke/MethodHandle";
    private static final String KERNEL = "io/hybridsync/kernel/";
    private static final List<String> PLAIN_ACCESSES =
            List.of("get", "set", "getAtIndex", "setAtIndex", "fill", "copyFrom", "copy", "getString", "setString");

    private final Map<String, Integer> sites = new TreeMap<>();

    /** How many accesses each class has in its code; classes that have none are not in it. */
    Map<String, Integer> sites() {
        return sites;
    }

    /** Makes the jar, with this package in it, and {@link Prey} as its main class. */
    void writeTo(Path jar) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Prey.class.getName());
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            copy(place(SyncDomain.class), "", true, out);
            copy(place(Instrumented.class), "io/hybridsync/chaos/", false, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copy(Path classes, String folder, boolean withPoints, JarOutputStream out) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes.resolve(folder))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = classes.relativize(file).toString();
            boolean isClass = name.endsWith(".class") && !name.equals("module-info.class");
            if (name.startsWith("META-INF")) {
                continue;
            }
            out.putNextEntry(new JarEntry(name));
            byte[] content = Files.readAllBytes(file);
            out.write(withPoints && isClass ? withPoints(content) : content);
            out.closeEntry();
        }
    }

    /** The class with kill points. Frames stay as they are: nothing that was added branches. */
    byte[] withPoints(byte[] content) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(content).accept(new Points(writer), 0);
        return writer.toByteArray();
    }

    /** An access in the code: the method, and the types of what is on the stack, the handle first. */
    private record Site(String owner, String method, String descriptor, int number) {

        String name() {
            return "access$" + number;
        }

        String bridge() {
            return "(L" + owner + ";" + descriptor.substring(1);
        }

        boolean isWhole() {
            return method.startsWith("get") ? descriptor.endsWith("J") : descriptor.contains("JJ");
        }
    }

    private final class Points extends ClassVisitor {

        private final List<Site> found = new ArrayList<>();
        private String type = "";

        Points(ClassVisitor next) {
            super(ASM9, next);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
            type = name;
            super.visit(version, access, name, signature, superName, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String method, String shape, boolean isInterface) {
                    if (isAccess(owner, method, shape)) {
                        Site site = new Site(owner, method, shape, found.size());
                        found.add(site);
                        super.visitMethodInsn(INVOKESTATIC, type, site.name(), site.bridge(), false);
                    } else {
                        super.visitMethodInsn(opcode, owner, method, shape, isInterface);
                    }
                }
            };
        }

        private boolean isAccess(String owner, String method, String shape) {
            if (owner.equals(SEGMENT) && PLAIN_ACCESSES.contains(method) && !type.startsWith(KERNEL)) {
                throw new IllegalStateException(type + " uses a segment without a VarHandle: " + method + shape);
            }
            return (owner.equals(VAR_HANDLE) && shape.startsWith("(" + SEGMENT_TYPE))
                    || (owner.equals(METHOD_HANDLE) && method.startsWith("invoke"));
        }

        @Override
        public void visitEnd() {
            if (!found.isEmpty()) {
                sites.put(type.substring(type.lastIndexOf('/') + 1), found.size());
            }
            found.forEach(site -> new Bridge(site, cv).write());
            super.visitEnd();
        }
    }

    /** The method {@code access$N}. */
    private static final class Bridge {

        private static final int SHOWN = 3;
        private static final String LONGS = "JJJ";

        private final Site site;
        private final MethodVisitor code;
        private final Type[] arguments;
        private final Type result;

        Bridge(Site site, ClassVisitor type) {
            this.site = site;
            this.arguments = Type.getArgumentTypes(site.bridge());
            this.result = Type.getReturnType(site.bridge());
            this.code = type.visitMethod(
                    ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC,
                    site.name(),
                    site.bridge(),
                    null,
                    new String[] {"java/lang/Throwable"});
        }

        void write() {
            int before = Type.getArgumentsAndReturnSizes(site.bridge()) / 4 - 1;
            code.visitCode();
            describe();
            code.visitMethodInsn(INVOKESTATIC, POINTS, "before", "(Ljava/lang/String;Z" + LONGS + ")J", false);
            code.visitVarInsn(Type.LONG_TYPE.getOpcode(ISTORE), before);
            int local = 0;
            for (Type argument : arguments) {
                code.visitVarInsn(argument.getOpcode(ILOAD), local);
                local += argument.getSize();
            }
            code.visitMethodInsn(INVOKEVIRTUAL, site.owner(), site.method(), site.descriptor(), false);
            after(before);
            code.visitInsn(result.getOpcode(IRETURN));
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        private void after(int before) {
            int kept = before + Type.LONG_TYPE.getSize();
            if (result.getSort() != Type.VOID) {
                code.visitVarInsn(result.getOpcode(ISTORE), kept);
            }
            code.visitVarInsn(Type.LONG_TYPE.getOpcode(ILOAD), before);
            describe();
            pushAsLong(result, kept);
            code.visitMethodInsn(INVOKESTATIC, POINTS, "after", "(JLjava/lang/String;Z" + LONGS + "J)V", false);
            if (result.getSort() != Type.VOID) {
                code.visitVarInsn(result.getOpcode(ILOAD), kept);
            }
        }

        /** The first numbers among the arguments; zero where there are fewer. */
        private void describe() {
            code.visitLdcInsn(site.method());
            code.visitInsn(site.isWhole() ? ICONST_1 : ICONST_0);
            int shown = 0;
            int local = 0;
            for (Type argument : arguments) {
                if (argument.getSort() < Type.ARRAY && shown < SHOWN) {
                    pushAsLong(argument, local);
                    shown++;
                }
                local += argument.getSize();
            }
            for (; shown < SHOWN; shown++) {
                pushAsLong(Type.VOID_TYPE, 0);
            }
        }

        private void pushAsLong(Type type, int local) {
            switch (type.getSort()) {
                case Type.LONG -> code.visitVarInsn(LLOAD, local);
                case Type.INT, Type.BOOLEAN -> {
                    code.visitVarInsn(ILOAD, local);
                    code.visitInsn(I2L);
                }
                default -> code.visitInsn(LCONST_0);
            }
        }
    }
}
