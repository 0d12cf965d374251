package cogent.curate.student;

import cogent.curate.agent.Critique;
import cogent.curate.agent.Labeller;
import cogent.data.Difficulty;
import cogent.data.Sample;
import org.jspecify.annotations.Nullable;

/**
 * The teacher's view and the student's measured one together. A rationale is medium when neither objects: a rewrite too
 * many costs a few calls, an unsuitable rationale costs the student. Where one says easy and the other hard, the teacher,
 * who has read the steps, decides.
 */
public record BothCritics(Labeller teacher, StudentCritic student) implements Labeller {
    @Override
    public Critique critique(Sample sample) {
        Critique taught = teacher.critique(sample);
        Critique.StudentView view = student.view(sample);
        return new Critique(label(taught.label(), view.label()), taught.votes(), view);
    }

    private static Difficulty label(@Nullable Difficulty teacher, Difficulty student) {
        return teacher == null || teacher == Difficulty.MEDIUM ? student : teacher;
    }
}
