package cogent.curate.agent;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of mistake that a wrong rationale is built on. */
public enum MistakeKind {
    CALCULATION("the result of one calculation is off, in the way that people and small models miscalculate"),
    MISREADING("one quantity or condition of the problem is read as something else that it could be mistaken for"),
    OPERATION("at one step an operation or a formula is used that looks fitting and is not"),
    OMISSION("one step or condition that the answer depends on is passed over in silence");

    private final String meaning;

    MistakeKind(String meaning) {
        this.meaning = meaning;
    }

    /** The name in recipes and prompts. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name in any case. */
    static Optional<MistakeKind> named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** As the Distractor's prompt states it. */
    String instruction() {
        return key() + ": " + meaning;
    }
}
