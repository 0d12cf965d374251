package cogent.curate;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.StudentCritic.Thresholds;
import cogent.curate.StudentProbe.Measure;
import cogent.data.Difficulty;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StudentCriticTest {
    private static final Thresholds THRESHOLDS = new Thresholds(-1, -2, 100, 400);

    @Test
    void what_leads_the_student_to_the_answer_without_surprise_is_medium() {
        assertThat(THRESHOLDS.label(new Measure(-0.1, -1, 120))).isEqualTo(Difficulty.MEDIUM);
    }

    @Test
    void what_does_not_suit_is_too_brief_when_short_and_too_complex_when_long() {
        assertThat(THRESHOLDS.label(new Measure(-3, -1, 40))).isEqualTo(Difficulty.EASY);
        assertThat(THRESHOLDS.label(new Measure(-0.1, -5, 40))).isEqualTo(Difficulty.EASY);
        assertThat(THRESHOLDS.label(new Measure(-3, -1, 300))).isEqualTo(Difficulty.HARD);
        assertThat(THRESHOLDS.label(new Measure(-0.1, -0.1, 500))).isEqualTo(Difficulty.HARD);
    }

    @Test
    void thresholds_are_quantiles_of_the_corpus() {
        List<Measure> measures = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> new Measure(-i, -2.0 * i, i))
                .toList();
        assertThat(Thresholds.of(measures)).isEqualTo(new Thresholds(-75, -150, 50, 90));
    }

    @Test
    void the_student_is_shown_the_work_without_its_final_answer() {
        AtomicReference<String> seen = new AtomicReference<>("");
        StudentCritic critic = StudentCritic.calibrated(
                (_, work) -> {
                    seen.set(work);
                    return new Measure(-1, -1, work.length());
                },
                Stream.of(Shoes.SAMPLE));
        assertThat(critic.critique(Shoes.SAMPLE).label()).isEqualTo(Difficulty.MEDIUM);
        assertThat(seen.get()).isEqualTo("8 and 5 make 13.");
    }

    @Test
    void of_both_either_may_object_and_the_teacher_decides_how() {
        assertThat(both("Label: medium", new Measure(-9, -9, 10)).label()).isEqualTo(Difficulty.EASY);
        assertThat(both("Label: hard", new Measure(-0.1, -0.1, 10)).label()).isEqualTo(Difficulty.HARD);
        assertThat(both("Label: hard", new Measure(-9, -9, 10)).label()).isEqualTo(Difficulty.HARD);
        assertThat(both("Label: medium", new Measure(-0.1, -0.1, 10)).label()).isEqualTo(Difficulty.MEDIUM);
    }

    @Test
    void their_disagreement_is_counted() {
        CurationTally tally = new CurationTally();
        Critique critique = both("Label: medium", new Measure(-9, -9, 10));
        tally.add(
                new Curated(
                        Shoes.SAMPLE,
                        critique,
                        new Verdict(List.of()),
                        List.of(),
                        List.of(),
                        new Outcome.Refused(Outcome.Stage.RETHINK, "no rewrite", "")),
                List.of());
        assertThat(tally.summary().teacherAndStudent()).containsExactly(java.util.Map.entry("medium/easy", 1L));
        assertThat(tally.summary().voteAgreement()).isEqualTo(1);
    }

    private static Critique both(String teacher, Measure student) {
        Critic critic = new Critic(new Scripted().on("critic", teacher), "0.5B");
        return new BothCritics(critic, new StudentCritic((_, _) -> student, THRESHOLDS)).critique(Shoes.SAMPLE);
    }
}
