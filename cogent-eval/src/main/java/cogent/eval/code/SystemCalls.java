package cogent.eval.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The filter of system calls (seccomp-bpf): what no program under test needs and what has been a way into the kernel is
 * refused with EPERM. The numbers are those of Linux' system call tables; the program is classic BPF.
 */
final class SystemCalls {
    /** ptrace, mounts, namespaces, modules, keys, bpf, perf, userfaultfd, io_uring, reading other processes, swap, reboot. */
    private static final int[] X86_64 = {
        101, 103, 153, 155, 161, 163, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176, 246, 248, 249, 250, 256,
        272, 279, 298, 300, 303, 304, 308, 310, 311, 312, 313, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432,
        433, 438, 440, 442
    };

    private static final int[] AARCH64 = {
        39, 40, 41, 42, 51, 58, 60, 89, 97, 104, 105, 106, 116, 117, 142, 161, 162, 217, 218, 219, 224, 225, 241, 262,
        264, 265, 268, 270, 271, 272, 273, 280, 282, 294, 425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442
    };

    private static final int AUDIT_X86_64 = 0xc000003e;
    private static final int AUDIT_AARCH64 = 0xc00000b7;

    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int EPERM = 0x00050001;

    private SystemCalls() {}

    /** The filter for this machine as {@code struct sock_filter[]}; one that allows all on an unknown architecture. */
    static byte[] filter() {
        return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> filter(AUDIT_X86_64, X86_64, true);
            case "aarch64" -> filter(AUDIT_AARCH64, AARCH64, false);
            default ->
                instruction(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()), 0x06, 0, 0, ALLOW)
                        .array();
        };
    }

    private static byte[] filter(int architecture, int[] refused, boolean x32) {
        int size = 6 + (x32 ? 1 : 0) + refused.length;
        ByteBuffer program = ByteBuffer.allocate(8 * size).order(ByteOrder.nativeOrder());
        instruction(program, 0x20, 0, 0, 4); // load the architecture
        instruction(program, 0x15, 1, 0, architecture); // ours: over the next
        instruction(program, 0x06, 0, 0, KILL);
        instruction(program, 0x20, 0, 0, 0); // load the number
        int left = refused.length;
        if (x32) {
            instruction(program, 0x35, left + 1, 0, 0x40000000); // the x32 numbers are another table: refuse
        }
        for (int number : refused) {
            left--;
            instruction(program, 0x15, left + 1, 0, number);
        }
        instruction(program, 0x06, 0, 0, ALLOW);
        instruction(program, 0x06, 0, 0, EPERM);
        return program.array();
    }

    private static ByteBuffer instruction(ByteBuffer program, int code, int jumpTrue, int jumpFalse, int k) {
        return program.putShort((short) code)
                .put((byte) jumpTrue)
                .put((byte) jumpFalse)
                .putInt(k);
    }
}
