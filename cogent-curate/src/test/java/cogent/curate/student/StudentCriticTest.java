package cogent.curate.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.Agent;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Scripted;
import cogent.curate.agent.Shoes;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.curate.agent.Verification;
import cogent.curate.agent.Verifier;
import cogent.curate.run.CurationTally;
import cogent.curate.student.StudentCritic.Figure;
import cogent.curate.student.StudentCritic.Shares;
import cogent.curate.student.StudentCritic.Thresholds;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.data.Rationale;
import cogent.data.Sample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StudentCriticTest {
    private static final double ANY = Double.POSITIVE_INFINITY;
    private static final Thresholds THRESHOLDS = new Thresholds(-1, -2, ANY, 100, 400);

    @Test
    void what_leads_the_student_to_the_answer_without_surprise_is_medium() {
        assertThat(THRESHOLDS.label(new Measure(-0.1, -1, 5, 120, true))).isEqualTo(Difficulty.MEDIUM);
    }

    @Test
    void what_does_not_suit_is_too_brief_when_short_and_too_complex_when_long() {
        assertThat(THRESHOLDS.label(new Measure(-3, -1, 5, 40, true))).isEqualTo(Difficulty.EASY);
        assertThat(THRESHOLDS.label(new Measure(-0.1, -5, 5, 40, true))).isEqualTo(Difficulty.EASY);
        assertThat(THRESHOLDS.label(new Measure(-3, -1, 5, 300, true))).isEqualTo(Difficulty.HARD);
        assertThat(THRESHOLDS.label(new Measure(-0.1, -0.1, 5, 500, true))).isEqualTo(Difficulty.HARD);
    }

    @Test
    void thresholds_are_quantiles_of_the_corpus() {
        List<Measure> measures = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> new Measure(-i, -2.0 * i, 5, i, true))
                .toList();
        assertThat(Thresholds.of(measures, Figure.LIKELIHOOD, Shares.DEFAULT))
                .isEqualTo(new Thresholds(-75, -150, ANY, 50, 90));
    }

    @Test
    void by_rank_surprisal_what_teaches_least_does_not_suit_however_likely_it_is() {
        List<Measure> measures = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> new Measure(-i, -i, i, i, true))
                .toList();
        Thresholds thresholds = Thresholds.of(measures, Figure.RANK_SURPRISAL, Shares.DEFAULT);
        assertThat(thresholds).isEqualTo(new Thresholds(-ANY, -ANY, 75, 50, 90));
        assertThat(thresholds.label(new Measure(-99, -99, 75, 60, true))).isEqualTo(Difficulty.MEDIUM);
        assertThat(thresholds.label(new Measure(0, 0, 76, 60, true))).isEqualTo(Difficulty.HARD);
        assertThat(thresholds.label(new Measure(0, 0, ANY, 40, true))).isEqualTo(Difficulty.EASY);
    }

    @Test
    void what_does_not_fit_into_the_students_context_is_hard_and_calibrates_nothing() {
        assertThat(THRESHOLDS.label(Measure.tooLong(20))).isEqualTo(Difficulty.HARD);
        assertThat(Thresholds.of(
                        List.of(new Measure(-1, -2, 5, 50, true), Measure.tooLong(9000)),
                        Figure.LIKELIHOOD,
                        Shares.DEFAULT))
                .isEqualTo(new Thresholds(-1, -2, ANY, 50, 50));
        assertThatThrownBy(() -> Thresholds.of(List.of(Measure.tooLong(9000)), Figure.LIKELIHOOD, Shares.DEFAULT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the shortest has 9000 tokens");
    }

    @Test
    void of_both_either_may_object_and_the_teacher_decides_how() {
        assertThat(both("Label: medium", new Measure(-9, -9, 5, 10, true)).label())
                .isEqualTo(Difficulty.EASY);
        assertThat(both("Label: hard", new Measure(-0.1, -0.1, 5, 10, true)).label())
                .isEqualTo(Difficulty.HARD);
        assertThat(both("Label: hard", new Measure(-9, -9, 5, 10, true)).label())
                .isEqualTo(Difficulty.HARD);
        assertThat(both("Label: medium", new Measure(-0.1, -0.1, 5, 10, true)).label())
                .isEqualTo(Difficulty.MEDIUM);
    }

    @Test
    void what_the_student_alone_objects_to_and_the_rethinker_leaves_as_it_is_stays() {
        Scripted chat = new Scripted()
                .on("critic", "Label: medium")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", "Reason: it holds\nVerdict: correct");
        Sample sample = new Sample(Shoes.SAMPLE.problem(), Rationale.of(Shoes.BALANCED));
        Curated kept = curated(chat, sample, new Measure(-3, -1, 5, 300, true));
        assertThat(kept.outcome()).isEqualTo(new SampleOutcome.Kept(sample.rationale(), SampleOutcome.ORIGINAL));
        assertThat(kept.critique().label()).isEqualTo(Difficulty.MEDIUM);
        assertThat(kept.critique().student()).extracting(view -> view.label()).isEqualTo(Difficulty.HARD);
        assertThat(chat.calls("rethinker")).isEqualTo(Agent.ATTEMPTS);
        assertThat(curated(chat, sample, Measure.tooLong(9000)).outcome()).isInstanceOf(SampleOutcome.Refused.class);
    }

    private static Curated curated(Scripted chat, Sample sample, Measure student) {
        BothCritics critics = new BothCritics(new Critic(chat, "0.5B"), new StudentCritic(_ -> student, THRESHOLDS));
        return new Curation(critics, new Rethinker(chat, "0.5B"), new Verifier(chat), null, CurationSettings.DEFAULT)
                .curate(sample);
    }

    @Test
    void their_disagreement_is_counted() {
        CurationTally tally = new CurationTally();
        Critique critique = both("Label: medium", new Measure(-9, -9, 5, 10, true));
        tally.add(
                new Curated(
                        Shoes.SAMPLE,
                        critique,
                        new Verification(List.of()),
                        List.of(),
                        List.of(),
                        new SampleOutcome.Refused(SampleOutcome.Stage.RETHINK, "no rewrite", "")),
                List.of());
        assertThat(tally.summary().teacherAndStudent()).containsExactly(java.util.Map.entry("medium/easy", 1L));
        assertThat(tally.summary().voteAgreement()).isEqualTo(1);
        assertThat(tally.summary().disagreements())
                .containsExactly(java.util.Map.entry("medium/easy", List.of(Shoes.SAMPLE.id())));
        assertThat(tally.summary().studentFigures())
                .containsExactly(java.util.Map.entry(Difficulty.MEDIUM, new StudentFigures(1, -9, -9, 10, 0)));
    }

    private static Critique both(String teacher, Measure student) {
        Critic critic = new Critic(new Scripted().on("critic", teacher), "0.5B");
        return new BothCritics(critic, new StudentCritic(_ -> student, THRESHOLDS)).critique(Shoes.SAMPLE);
    }
}
