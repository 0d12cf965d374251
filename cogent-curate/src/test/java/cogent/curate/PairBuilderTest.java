package cogent.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Scripted;
import cogent.curate.agent.Shoes;
import cogent.curate.agent.Verifier;
import cogent.curate.rationale.RationaleLayout;
import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.data.SftRow;
import org.junit.jupiter.api.Test;

final class PairBuilderTest {
    private static final String CORRECT = "Reason: every step holds\nVerdict: correct";
    private final Scripted chat = new Scripted();
    private final PairBuilder pairs = new PairBuilder(RowFormat.PLAIN, PairBuilder.DEFAULT_BETA);

    private Curated curate(Sample sample) {
        return new Curation(
                        new Critic(chat, "0.5B"),
                        new Rethinker(chat, "0.5B"),
                        new Verifier(chat),
                        new Distractor(chat, 1),
                        CurationSettings.DEFAULT)
                .curate(sample);
    }

    @Test
    void a_rewritten_sample_makes_all_three_gaps() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", CORRECT)
                .on("distractor", Shoes.WRONG, Shoes.WRONG_TERSE);
        Curated curated = curate(Shoes.SAMPLE);
        String terse = Shoes.TERSE.text();
        assertThat(pairs.preferences(curated))
                .containsExactly(
                        pair("q-1#small-1", laidOut(Shoes.BALANCED), terse, 0.1, Gap.SMALL, "rewrite", "original"),
                        pair("q-1#medium-1", terse, Shoes.WRONG_TERSE, 0.2, Gap.MEDIUM, "original", "distractor"),
                        pair(
                                "q-1#large-1",
                                laidOut(Shoes.BALANCED),
                                laidOut(Shoes.WRONG),
                                0.5,
                                Gap.LARGE,
                                "rewrite",
                                "distractor"));
        assertThat(pairs.sft(curated)).singleElement().satisfies(row -> {
            assertThat(row.completion()).isEqualTo(laidOut(Shoes.BALANCED));
            assertThat(row.source()).isEqualTo("rewrite");
        });
    }

    @Test
    void a_medium_sample_makes_the_large_gap_only() {
        chat.on("critic", "Label: balanced").on("verifier", CORRECT).on("distractor", Shoes.WRONG_TERSE);
        assertThat(pairs.preferences(curate(Shoes.SAMPLE)))
                .extracting(PreferencePair::gap, PreferencePair::chosenFrom)
                .containsExactly(tuple(Gap.LARGE, "original"));
    }

    @Test
    void a_refused_rewrite_is_a_rejected_side_only_when_its_answer_is_really_wrong() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.WRONG, Shoes.OTHER_BALANCED, Shoes.BALANCED)
                .on("verifier", CORRECT, "Reason: dull\nVerdict: incorrect", CORRECT)
                .on("distractor", "I refuse.");
        assertThat(pairs.preferences(curate(Shoes.SAMPLE)))
                .extracting(PreferencePair::gap, PreferencePair::rejected, PreferencePair::rejectedFrom)
                .containsExactly(
                        tuple(Gap.SMALL, Shoes.TERSE.text(), "original"),
                        tuple(Gap.LARGE, laidOut(Shoes.WRONG), "refused-rewrite"));
    }

    @Test
    void wrong_samples_of_the_student_join_and_right_ones_do_not() {
        SftRow suitable = new SftRow("q-1", "how many?", Shoes.BALANCED, "rewrite");
        assertThat(pairs.mistake(Shoes.PROBLEM, suitable, Shoes.WRONG, 2))
                .isEqualTo(new PreferencePair(
                        "q-1#student-2",
                        "how many?",
                        Shoes.BALANCED,
                        Shoes.WRONG,
                        0.5,
                        Gap.LARGE,
                        "rewrite",
                        "student"));
        assertThat(pairs.mistake(Shoes.PROBLEM, suitable, "<think>\n</think>\n\n" + Shoes.WRONG, 2)
                        .rejected())
                .isEqualTo(Shoes.WRONG);
        assertThatThrownBy(() -> pairs.mistake(Shoes.PROBLEM, suitable, Shoes.TERSE.text(), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the right answer");
        assertThatThrownBy(() -> pairs.mistake(Shoes.PROBLEM, suitable, "I cannot tell.", 1))
                .hasMessageContaining("states no final answer");
        assertThatThrownBy(() -> pairs.mistake(Shoes.PROBLEM, suitable, (Shoes.WRONG + "\n\n").repeat(9), 1))
                .hasMessageContaining("differs too much in length");
    }

    @Test
    void an_original_that_is_itself_wrong_is_never_chosen_and_counts_as_incorrect() {
        chat.on("critic", "Label: complex")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", CORRECT)
                .on("distractor", "I refuse.");
        Sample wrong = new Sample(Shoes.PROBLEM, Rationale.of(Shoes.WRONG));
        assertThat(pairs.preferences(curate(wrong)))
                .containsExactly(pair(
                        "q-1#large-1",
                        laidOut(Shoes.BALANCED),
                        laidOut(Shoes.WRONG),
                        0.5,
                        Gap.LARGE,
                        "rewrite",
                        "original"));
    }

    @Test
    void a_refused_sample_makes_no_rows() {
        chat.on("critic", "?");
        Curated curated = curate(Shoes.SAMPLE);
        assertThat(pairs.preferences(curated)).isEmpty();
        assertThat(pairs.sft(curated)).isEmpty();
    }

    @Test
    void both_sides_of_a_pair_have_the_same_layout() {
        chat.on("critic", "Label: balanced")
                .on("verifier", CORRECT)
                .on("distractor", "8 and 11 make 19.\n\nSo that is \\boxed{19}.");
        Sample thought = new Sample(Shoes.PROBLEM, new Rationale("8 and 5 make 13.\nThat is it: 13", "13"));
        assertThat(new PairBuilder(RowFormat.PLAIN).preferences(curate(thought)))
                .singleElement()
                .satisfies(pair -> {
                    assertThat(pair.chosen()).isEqualTo("8 and 5 make 13.\n\nThat is it: 13\n\n\\boxed{13}");
                    assertThat(pair.rejected()).isEqualTo("8 and 11 make 19.\n\nSo that is 19.\n\n\\boxed{19}");
                });
    }

    @Test
    void a_medium_original_that_had_to_be_repaired_is_on_no_side_of_the_small_gap() {
        chat.on("critic", "Label: balanced")
                .on("verifier", "Reason: step 1 is wrong\nVerdict: incorrect", CORRECT)
                .on("rethinker", Shoes.BALANCED)
                .on("distractor", Shoes.WRONG);
        assertThat(pairs.preferences(curate(Shoes.SAMPLE)))
                .extracting(PreferencePair::gap)
                .containsExactly(Gap.LARGE);
    }

    @Test
    void length_balance_tells_when_length_alone_gives_the_chosen_side_away() {
        LengthBalance.Sum sum = new LengthBalance.Sum();
        assertThat(sum.balance().balanced()).isTrue();
        for (int i = 0; i < 4; i++) {
            sum.add(pair("i" + i, "aaaa", "b", 0.1, Gap.SMALL, "rewrite", "original"));
        }
        assertThat(sum.balance()).isEqualTo(new LengthBalance(4, 1, Math.exp(Math.log(4))));
        assertThat(sum.balance().balanced()).isFalse();
    }

    private static String laidOut(String text) {
        return RationaleLayout.of(Rationale.of(text)).text();
    }

    private static PreferencePair pair(
            String id, String chosen, String rejected, double beta, Gap gap, String chosenFrom, String rejectedFrom) {
        return new PreferencePair(id, Shoes.PROBLEM.text(), chosen, rejected, beta, gap, chosenFrom, rejectedFrom);
    }
}
