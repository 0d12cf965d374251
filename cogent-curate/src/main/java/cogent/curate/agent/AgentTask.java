package cogent.curate.agent;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an agent is asked to do: one prompt file each. */
public enum AgentTask {
    CRITIQUE,
    EXTEND,
    SIMPLIFY,
    /** What follows {@link #EXTEND} or {@link #SIMPLIFY} after a refusal. */
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
            case CRITIQUE, EXTEND, SIMPLIFY, AGAIN, SOLVE -> Set.of("student");
            case DISTRACT -> Set.of("slip");
            case VERIFY, BLIND -> Set.of();
        };
    }

    /** The sections that the prompt must hold. */
    List<String> sections() {
        return switch (this) {
            case CRITIQUE, EXTEND, SIMPLIFY, VERIFY, DISTRACT -> List.of("problem", "answer", "rationale");
            case AGAIN -> List.of("refused", "reason");
            case BLIND -> List.of("problem", "rationale");
            case SOLVE -> List.of("problem");
        };
    }
}
