package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every number of the tables, of Linux, of Errno and of the structs is what the C headers say, on each CPU: a C file of
 * static assertions is compiled against the kernel headers of that CPU. The C compiler's own CPU does not matter, for
 * the three lay out structs alike (LP64, natural alignment), and what the headers ask for is defined on the command
 * line.
 *
 * <p>Headers (Debian: linux-libc-dev-arm64-cross, linux-libc-dev-ppc64el-cross, linux-libc-dev) that are missing skip
 * the test, but fail it where the environment has CI set.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class HeadersTest {

    /** Newer than the oldest headers in use, so checked only where they are defined; the kernel's answer is probed. */
    private static final Set<String> NEWER = Set.of("MFD_NOEXEC_SEAL");

    /** The kernel keeps these out of its public headers; the C library's have them, for the CPU of this machine. */
    private static final Pattern IN_LIBC_ONLY = Pattern.compile("EFD_.*|AF_.*|SOCK_.*|SCM_.*|SHUT_.*|MSG_.*");

    private static final String KERNEL_HEADERS = includes(
            "asm/unistd.h", "asm/socket.h", "asm/poll.h", "asm/errno.h", "linux/fcntl.h", "linux/fs.h", "linux/stat.h",
            "linux/time.h", "linux/futex.h", "linux/memfd.h", "linux/mman.h", "linux/eventpoll.h", "linux/socket.h",
            "linux/un.h", "linux/uio.h", "linux/membarrier.h");

    private static final String LIBC_HEADERS = "#define _GNU_SOURCE\n"
            + includes("stddef.h", "fcntl.h", "sys/socket.h", "sys/un.h", "sys/uio.h", "sys/eventfd.h");

    private static final Map<String, List<String>> DEFINES = Map.of(
            "x86_64", List.of("-D__x86_64__"),
            "aarch64", List.of("-D__aarch64__"),
            "ppc64le", List.of("-D__powerpc64__", "-D__powerpc__", "-D_CALL_ELF=2", "-D__LITTLE_ENDIAN__"));

    private static final Map<String, String> TRIPLETS = Map.of(
            "x86_64", "x86_64-linux-gnu", "aarch64", "aarch64-linux-gnu", "ppc64le", "powerpc64le-linux-gnu");

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64", "ppc64le"})
    void theTableIsWhatTheHeadersSay(String cpu) throws Exception {
        Arch arch = Arch.of("Linux", cpu);
        StringBuilder program = new StringBuilder(KERNEL_HEADERS);
        for (String key : arch.keys()) {
            program.append(assertion(expression(key), arch.get(key)));
        }
        assertThat(compile(program.toString(), kernelOptions(cpu))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64", "ppc64le"})
    void whatIsCalledTheSameOnAllIsTheSame(String cpu) throws Exception {
        StringBuilder program = new StringBuilder(KERNEL_HEADERS);
        constants(Linux.class).forEach((name, value) -> {
            if (!IN_LIBC_ONLY.matcher(name).matches()) {
                program.append(NEWER.contains(name) ? ifDefined(name, value) : assertion(name, value));
            }
        });
        constants(Errno.class).forEach((name, value) -> program.append(assertion(name, value)));
        kernelStructs().forEach((expression, value) -> program.append(assertion(expression, value)));
        assertThat(compile(program.toString(), kernelOptions(cpu))).isEmpty();
    }

    @Test
    void theRestIsWhatTheCLibrarySays() throws Exception {
        StringBuilder program = new StringBuilder(LIBC_HEADERS);
        constants(Linux.class).forEach((name, value) -> {
            if (IN_LIBC_ONLY.matcher(name).matches()) {
                program.append(assertion(name, value));
            }
        });
        libcStructs().forEach((expression, value) -> program.append(assertion(expression, value)));
        requireHeaders(Path.of("/usr/include/fcntl.h"), "libc6-dev");
        assertThat(compile(program.toString(), List.of())).isEmpty();
    }

    /** So the test cannot pass by checking nothing. */
    @Test
    void aWrongNumberIsFound() throws Exception {
        String program = KERNEL_HEADERS + assertion("O_DIRECTORY", 1) + assertion("O_NONSENSE", 1);
        assertThat(compile(program, kernelOptions("aarch64"))).contains("O_DIRECTORY is not 1", "O_NONSENSE");
    }

    private static Map<String, Integer> kernelStructs() {
        Map<String, Integer> facts = new TreeMap<>();
        facts.put(size("struct timespec"), Timespec.BYTES);
        facts.put(size("struct futex_waitv"), FutexWaitv.BYTES);
        facts.put(offset("struct futex_waitv", "uaddr"), FutexWaitv.UADDR);
        facts.put(offset("struct futex_waitv", "flags"), FutexWaitv.FLAGS);
        facts.put(size("struct statx"), Stat.BYTES);
        facts.put(offset("struct statx", "stx_nlink"), Stat.NLINK);
        facts.put(offset("struct statx", "stx_uid"), Stat.UID);
        facts.put(offset("struct statx", "stx_gid"), Stat.GID);
        facts.put(offset("struct statx", "stx_mode"), Stat.MODE);
        facts.put(offset("struct statx", "stx_ino"), Stat.INO);
        facts.put(offset("struct statx", "stx_size"), Stat.SIZE);
        facts.put(offset("struct statx", "stx_dev_major"), Stat.DEV_MAJOR);
        facts.put(offset("struct statx", "stx_dev_minor"), Stat.DEV_MINOR);
        facts.put(size("struct flock"), Flock.BYTES);
        facts.put(offset("struct flock", "l_type"), Flock.TYPE);
        facts.put(offset("struct flock", "l_whence"), Flock.WHENCE);
        facts.put(offset("struct flock", "l_start"), Flock.START);
        facts.put(offset("struct flock", "l_len"), Flock.LEN);
        facts.put(offset("struct flock", "l_pid"), Flock.PID);
        facts.put(size("struct pollfd"), Poll.BYTES);
        facts.put(offset("struct pollfd", "events"), Poll.EVENTS);
        facts.put(size("struct sockaddr_un"), SockaddrUn.BYTES);
        facts.put(offset("struct sockaddr_un", "sun_path"), SockaddrUn.PATH);
        facts.put(size("struct iovec"), 16);
        facts.put(offset("struct iovec", "iov_len"), 8);
        return facts;
    }

    private static Map<String, Integer> libcStructs() {
        Map<String, Integer> facts = new TreeMap<>();
        facts.put(size("struct msghdr"), MsgHdr.BYTES);
        facts.put(offset("struct msghdr", "msg_iov"), MsgHdr.IOV);
        facts.put(offset("struct msghdr", "msg_iovlen"), MsgHdr.IOVLEN);
        facts.put(offset("struct msghdr", "msg_control"), MsgHdr.CONTROL);
        facts.put(offset("struct msghdr", "msg_controllen"), MsgHdr.CONTROLLEN);
        facts.put(offset("struct msghdr", "msg_flags"), MsgHdr.FLAGS);
        facts.put(size("struct cmsghdr"), Cmsg.DATA);
        facts.put(offset("struct cmsghdr", "cmsg_level"), Cmsg.LEVEL);
        facts.put(offset("struct cmsghdr", "cmsg_type"), Cmsg.TYPE);
        facts.put("CMSG_LEN(4)", Cmsg.DATA + 4);
        facts.put("CMSG_SPACE(4)", Cmsg.DATA + 8);
        facts.put(size("struct ucred"), Peer.BYTES);
        facts.put(offset("struct ucred", "uid"), Peer.UID);
        facts.put(offset("struct ucred", "gid"), Peer.GID);
        return facts;
    }

    /** The public headers' way to say sizeof and offsetof; keys of a table write them with dots. */
    private static String expression(String key) {
        String[] parts = key.split("\\.", -1);
        return switch (parts[0]) {
            case "sizeof" -> size("struct " + parts[1]);
            case "offsetof" -> offset("struct " + parts[1], parts[2]);
            default -> key;
        };
    }

    private static String size(String type) {
        return "sizeof(" + type + ")";
    }

    private static String offset(String type, String field) {
        return "__builtin_offsetof(" + type + ", " + field + ")";
    }

    /** An expression that the headers do not have is an error of the compiler, which names it. */
    private static String assertion(String expression, int value) {
        return "_Static_assert((int)(%s) == %d, \"%s is not %d\");\n".formatted(expression, value, expression, value);
    }

    private static String ifDefined(String name, int value) {
        return "#ifdef " + name + "\n" + assertion(name, value) + "#endif\n";
    }

    private static Map<String, Integer> constants(Class<?> owner) {
        Map<String, Integer> constants = new TreeMap<>();
        for (Field field : owner.getDeclaredFields()) {
            if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())) {
                constants.put(field.getName(), value(field));
            }
        }
        assertThat(constants).hasSizeGreaterThan(30);
        return constants;
    }

    private static int value(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> kernelOptions(String cpu) {
        List<String> options = new ArrayList<>(List.of("-nostdinc", "-U__x86_64__", "-U__aarch64__"));
        options.addAll(List.of("-U__powerpc64__", "-U__powerpc__", "-U_CALL_ELF", "-U__LITTLE_ENDIAN__"));
        options.addAll(DEFINES.get(cpu));
        String triplet = TRIPLETS.get(cpu);
        boolean isNative = Arch.current().cpu().equals(cpu);
        List<Path> roots = isNative
                ? List.of(Path.of("/usr/include", triplet), Path.of("/usr/include"))
                : List.of(Path.of("/usr", triplet, "include"));
        requireHeaders(roots.getFirst().resolve("asm/unistd.h"), "linux-libc-dev, for " + cpu);
        roots.forEach(root -> options.addAll(List.of("-isystem", root.toString())));
        return options;
    }

    private static void requireHeaders(Path file, String debianPackage) {
        boolean present = Files.exists(file) && Files.isExecutable(Path.of("/usr/bin/gcc"));
        String missing = file + " or gcc is missing: install " + debianPackage + ", and gcc";
        Needed.that(present, missing);
    }

    /** What the compiler has to say: nothing, if all assertions hold. */
    private static String compile(String program, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-fsyntax-only"));
        command.addAll(options);
        command.addAll(List.of("-x", "c", "-"));
        Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        gcc.getOutputStream().write(program.getBytes(StandardCharsets.UTF_8));
        gcc.getOutputStream().close();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(gcc.exitValue() == 0).as(output).isEqualTo(output.isEmpty());
        return output;
    }

    private static String includes(String... headers) {
        StringBuilder lines = new StringBuilder();
        Arrays.stream(headers).forEach(header -> lines.append("#include <").append(header).append(">\n"));
        return lines.toString();
    }
}
