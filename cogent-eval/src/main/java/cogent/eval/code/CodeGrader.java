package cogent.eval.code;

import cogent.data.InputException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Runs a reply's program on a problem's tests, as LiveCodeBench judges: all must pass; the first that does not, decides. */
public final class CodeGrader {
    /** Where a reply's program stands: in its last fenced block. */
    private static final Pattern FENCE = Pattern.compile("```[^\\n`]*\\n(.*?)(?:(?<=\\n)```|$)", Pattern.DOTALL);

    private static final int SHOWN = 120;

    /** How a program did; {@code passed} is whether it passed every test. */
    public record Judgement(boolean passed, String reason) {}

    private final Sandbox sandbox;
    private final Duration time;
    private final long memoryBytes;

    /** @param time on the clock for each test */
    public CodeGrader(Sandbox sandbox, Duration time, long memoryBytes) {
        this.sandbox = sandbox;
        this.time = time;
        this.memoryBytes = memoryBytes;
    }

    /** The program in a reply; empty when it has no fenced block. */
    public static String program(String reply) {
        Matcher fence = FENCE.matcher(reply);
        String last = "";
        while (fence.find()) {
            last = fence.group(1).isBlank() ? last : fence.group(1).stripTrailing();
        }
        return last;
    }

    /** @throws InputException when the sandbox itself fails: then nothing is said of the program */
    public Judgement judge(String text, CodeTests tests) {
        try (Sandbox.Program program = sandbox.program(text, tests.function())) {
            List<CodeTests.Test> all = tests.tests();
            for (int i = 0; i < all.size(); i++) {
                String fault = fault(program, all.get(i), tests.function().isEmpty());
                if (!fault.isEmpty()) {
                    return new Judgement(false, "test %d of %d: %s".formatted(i + 1, all.size(), fault));
                }
            }
            return new Judgement(true, "passes all " + all.size() + " tests");
        }
    }

    private String fault(Sandbox.Program program, CodeTests.Test test, boolean printed) {
        long output = Math.min(64L << 20, (1L << 20) + 4L * test.output().length());
        ProgramRun ran = program.run(test.input(), new ProgramLimits(time, memoryBytes, output));
        return switch (ran.end()) {
            case TIME_LIMIT -> "over the time limit of " + time.toSeconds() + " s";
            case MEMORY_LIMIT -> "over the memory limit of " + (memoryBytes >> 20) + " MiB";
            case OUTPUT_LIMIT -> "endless output";
            case PROCESS_LIMIT -> "too many processes";
            case EXITED -> {
                if (ran.code() != 0) {
                    yield "ended with exit code " + ran.code() + lastLine(ran.error());
                }
                boolean right =
                        printed ? samePrint(test.output(), ran.output()) : sameValue(test.output(), ran.output());
                yield right ? "" : "expected " + shown(test.output()) + ", got " + shown(ran.output());
            }
        };
    }

    private static String lastLine(String error) {
        String[] lines = error.strip().split("\n", -1);
        return lines[lines.length - 1].isBlank() ? "" : ": " + shown(lines[lines.length - 1]);
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return "\"" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "\"";
    }

    /** Line by line without the space around them; a line may also agree as numbers, word by word. */
    static boolean samePrint(String expected, String printed) {
        String[] wanted = expected.strip().split("\\s*\\n\\s*", -1);
        String[] got = printed.strip().split("\\s*\\n\\s*", -1);
        if (wanted.length != got.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals(got[i]) && !sameNumbers(wanted[i], got[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumbers(String wanted, String got) {
        String[] a = wanted.split("\\s+", -1);
        String[] b = got.split("\\s+", -1);
        if (a.length != b.length) {
            return false;
        }
        try {
            for (int i = 0; i < a.length; i++) {
                if (a[i].length() > 400 || b[i].length() > 400 || !a[i].matches(NUMBER) || !b[i].matches(NUMBER)) {
                    return false;
                }
                if (new BigDecimal(a[i]).compareTo(new BigDecimal(b[i])) != 0) {
                    return false;
                }
            }
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static final String NUMBER = "[+-]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d{1,3})?";

    /** As Python's {@code ==} on the two JSON values: 1 is 1.0 and true. */
    static boolean sameValue(String expected, String returned) {
        try {
            return same(CodeTests.JSON.readTree(expected), CodeTests.JSON.readTree(returned));
        } catch (JacksonException e) {
            return expected.strip().equals(returned.strip());
        }
    }

    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isArray() && b.isArray()) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = same(a.get(i), b.get(i));
            }
            return same;
        }
        if (a.isObject() && b.isObject()) {
            return a.size() == b.size()
                    && a.properties().stream()
                            .allMatch(e -> b.has(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
        }
        boolean numbers = (a.isNumber() || a.isBoolean()) && (b.isNumber() || b.isBoolean());
        return numbers ? number(a).compareTo(number(b)) == 0 : a.equals(b);
    }

    private static BigDecimal number(JsonNode node) {
        return node.isBoolean() ? (node.asBoolean() ? BigDecimal.ONE : BigDecimal.ZERO) : node.decimalValue();
    }
}
