package cogent.curate;

import cogent.curate.agent.FailedAttempt;
import cogent.data.Rationale;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Locale;

/** What becomes of a sample. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SampleOutcome.Kept.class, name = "kept"),
    @JsonSubTypes.Type(value = SampleOutcome.Refused.class, name = "refused")
})
public sealed interface SampleOutcome {
    /**
     * A row of D_SFT.
     *
     * @param source where the rationale comes from: {@link #ORIGINAL} or {@link #REWRITE}
     */
    record Kept(Rationale rationale, String source) implements SampleOutcome {}

    /**
     * Left out.
     *
     * @param reason in a few words, the same for equal cases; what varies stands in {@code detail}
     */
    record Refused(Stage stage, String reason, String detail) implements SampleOutcome {
        /** @param failure why an agent came to nothing; what varies of it stands behind its colon */
        static Refused because(Stage stage, String reason, String failure) {
            return new Refused(
                    stage, failure.isEmpty() ? reason : reason + ": " + FailedAttempt.withoutDetail(failure), failure);
        }
    }

    /** Where a sample was refused. */
    enum Stage {
        CORPUS,
        /** Kept back for the evaluation: refused by nobody, and no row of {@code refused.jsonl}. */
        HELD_OUT,
        CRITIQUE,
        RETHINK,
        VERIFY,
        /** No endpoint answered; a rerun tries again. */
        ENDPOINT;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The corpus's own rationale. */
    String ORIGINAL = "original";
    /** The Rethinker's. */
    String REWRITE = "rewrite";
}
