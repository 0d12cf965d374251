package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.curate.student.StudentCritic;
import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import org.jspecify.annotations.Nullable;

/** Labels the rationales. */
public record CriticConfig(
        @Key(
                doc = "teacher: a large model takes the small one's view, as in the paper; student: the small model"
                        + " itself is measured; both: medium when neither objects, or when the student alone does and"
                        + " the rethinker finds nothing to change; none: everything is rewritten, as if hard (for"
                        + " ablations)",
                def = "teacher")
        LabelledBy by,

        @Key(
                doc = "teacher: the size of small model from whose point of view the rationale is judged and rewritten."
                        + " null = the student's, by its parameters; 7B, the paper's, where no student is named",
                def = "null",
                operational = true) // what it comes to is part of the identity
        @Nullable
        String view,

        @Key(doc = "teacher: odd; the majority is the label", def = "1", range = "[1,)")
        int votes,

        @Key(
                doc = "student: the model that is measured. null = student.model, raw = this run's raw SFT model, or a"
                        + " directory; one that knows the task a little (an instruct or raw SFT model) tells most",
                def = "null",
                operational = true,
                path = true)
        @Nullable
        String student,

        @Key(
                doc =
                        "student: likelihood = of the answer after the work, and of the work; rank-surprisal = what surprises"
                                + " and is yet within reach suits, by the ratio of arXiv 2601.14249",
                def = "likelihood")
        StudentCritic.Figure figure,

        @Key(
                doc = "student: a rationale does not suit when its answer, or its work, is among this share of the"
                        + " corpus that the student finds least likely, or that has the highest rank-surprisal ratio:"
                        + " easy below the median length, hard above",
                def = "0.25",
                range = "[0,1)")
        double unlikely,

        @Key(
                doc = "student: this share of the longest, and what exceeds the student's context, is hard anyway",
                def = "0.1",
                range = "[0,1)")
        double longest,

        @Unwrapped AgentConfig agent) {
    /** The raw SFT model of the same run. */
    public static final String RAW = "raw";

    /** Who labels. */
    public enum LabelledBy {
        TEACHER,
        STUDENT,
        BOTH,
        /** Nobody: everything is rewritten. */
        NONE
    }

    public CriticConfig {
        require(votes % 2 == 1, "votes must be odd, so that there is a majority");
    }

    /** Whether the student is measured. */
    public boolean measures() {
        return by == LabelledBy.STUDENT || by == LabelledBy.BOTH;
    }

    /** Votes that are cast by the teacher. */
    public int teacherVotes() {
        return by == LabelledBy.STUDENT || by == LabelledBy.NONE ? 0 : votes;
    }
}
