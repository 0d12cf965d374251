package cogent.eval.code;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of bubblewrap: what the sandbox sees of the machine. */
final class Bubblewrap {
    /** Where the programs lie in the sandbox. */
    static final String BOX = "/box";

    private static final long TMP_BYTES = 64 << 20;

    private Bubblewrap() {}

    /**
     * The command up to the arguments of {@code run.py}.
     *
     * @param folder holds the programs, {@code run.py} and the filter of system calls
     * @param root without a user namespace: {@code run.py} becomes a user of its own, whose processes can be counted
     */
    static List<String> command(Path bwrap, Path python, Path folder, boolean root) {
        // the shell opens the filter for bwrap, which wants an open file
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh", "-c", "exec \"$0\" --seccomp 9 \"$@\" 9<filter", bwrap.toString(), "--die-with-parent"));
        command.addAll(List.of("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"));
        command.addAll(List.of("--unshare-cgroup-try", "--new-session", "--clearenv", "--cap-drop", "ALL"));
        if (root) {
            command.addAll(List.of("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"));
        } else {
            command.addAll(List.of("--unshare-user", "--uid", "65534", "--gid", "65534"));
        }
        variables(command);
        system(command, python);
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"));
        command.addAll(List.of("--perms", "1777", "--size", Long.toString(TMP_BYTES), "--tmpfs", "/tmp"));
        command.addAll(List.of("--ro-bind", folder.toString(), BOX, "--remount-ro", "/", "--chdir", "/tmp", "--"));
        command.addAll(List.of(python.toString(), "-I", "-B", BOX + "/run.py"));
        return command;
    }

    private static void variables(List<String> command) {
        for (String[] variable : new String[][] {
            {"PATH", "/usr/bin:/bin"},
            {"HOME", "/tmp"},
            {"LANG", "C.UTF-8"},
            {"OMP_NUM_THREADS", "1"},
            {"PYTHONHASHSEED", "0"}
        }) {
            command.addAll(List.of("--setenv", variable[0], variable[1]));
        }
    }

    /** The system's programs and libraries, and Python where it is installed elsewhere; nothing of the user's. */
    private static void system(List<String> command, Path python) {
        command.addAll(List.of("--ro-bind", "/usr", "/usr"));
        for (String name : List.of("/bin", "/lib", "/lib32", "/lib64")) {
            Path path = Path.of(name);
            try {
                if (Files.isSymbolicLink(path)) {
                    command.addAll(
                            List.of("--symlink", Files.readSymbolicLink(path).toString(), name));
                } else if (Files.exists(path)) {
                    command.addAll(List.of("--ro-bind", name, name));
                }
            } catch (IOException e) {
                throw new InputException(name + ": cannot be read (" + InputException.reason(e) + ")", e);
            }
        }
        command.addAll(List.of("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"));
        for (Path folder : installation(python)) {
            command.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
        }
    }

    /** The folders of a Python outside {@code /usr}: of its link on the PATH and of what that leads to. */
    private static List<Path> installation(Path python) {
        List<Path> folders = new ArrayList<>();
        try {
            for (Path binary : List.of(python.toAbsolutePath(), python.toRealPath())) {
                Path bin = binary.getParent();
                Path home = bin == null ? null : bin.getParent(); // HOME/bin/python3
                if (home != null && home.getNameCount() > 0 && !home.startsWith("/usr") && !folders.contains(home)) {
                    folders.add(home);
                }
            }
        } catch (IOException e) {
            throw InputException.unreadable(python, e);
        }
        return folders;
    }
}
