package cogent.curate.agent;

import cogent.data.Sample;

/** Labels how a rationale suits the student: the teacher as {@link Critic}, the measured student, or both. */
@FunctionalInterface
public interface Labeller {
    /** @throws cogent.llm.ChatException that is not about this sample alone */
    Critique critique(Sample sample);
}
