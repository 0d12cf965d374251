package cogent.curate.prompt;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an agent is asked to do: one prompt file each. */
public enum AgentTask {
    CRITIQUE,
    EXTEND,
    SIMPLIFY,
    REPAIR,
    /** What follows {@link #EXTEND}, {@link #SIMPLIFY}, {@link #REPAIR} or {@link #DISTRACT} after a refusal. */
    AGAIN,
    VERIFY,
    BLIND,
    DISTRACT,
    SOLVE;

    /** The name in recipes and file names. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words that the prompt may hold. */
    Set<String> words() {
        return switch (this) {
            case CRITIQUE -> Set.of("student", "yardstick", "brief", "balanced");
            case EXTEND, SIMPLIFY, REPAIR, SOLVE -> Set.of("student", "yardstick");
            case DISTRACT -> Set.of("preferred", "mistakes");
            case AGAIN, VERIFY, BLIND -> Set.of();
        };
    }

    /** The sections that the prompt must hold. */
    List<String> sections() {
        return switch (this) {
            case CRITIQUE, EXTEND, SIMPLIFY, VERIFY, DISTRACT -> List.of("problem", "answer", "rationale");
            case REPAIR -> List.of("problem", "answer", "rationale", "fault");
            case AGAIN -> List.of("refused", "reason");
            case BLIND -> List.of("problem", "rationale");
            case SOLVE -> List.of("problem");
        };
    }
}
