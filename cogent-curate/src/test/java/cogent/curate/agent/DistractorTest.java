package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.agent.Distraction.Against;
import cogent.data.Rationale;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistractorTest {
    private final Scripted chat = new Scripted();

    private List<Distraction> distract(Rationale right) {
        return new Distractor(chat, 1).distract(Shoes.PROBLEM, right, Against.SUITABLE);
    }

    @Test
    void a_terse_original_with_single_newlines_gets_its_wrong_version() {
        Rationale original = new Rationale("Riley has 8 - 3 = 5 pairs.\nTogether they have 8 + 5 = 13 pairs.", "13");
        chat.on(
                "distractor",
                "Mistake: operation\n\nRiley has 8 + 3 = 11 pairs.\n\nTogether they have 8 + 11 = 19"
                        + " pairs.\n\n\\boxed{19}");
        Distraction wrong = distract(original).getFirst();
        assertThat(wrong.mistake()).isEqualTo(MistakeKind.OPERATION);
        assertThat(wrong.reply().value())
                .isEqualTo(new Rationale(
                        "Riley has 8 + 3 = 11 pairs.\n\nTogether they have 8 + 11 = 19 pairs.\n\n\\boxed{19}", "19"));
        assertThat(chat.message("distractor", 0))
                .contains("Riley has 8 - 3 = 5 pairs.\n\nTogether they have 8 + 5 = 13 pairs.\n\n\\boxed{13}");
    }

    @Test
    void after_a_refusal_the_reply_goes_back_with_the_reason_and_another_kind_is_preferred() {
        chat.on("distractor", Shoes.BALANCED, Shoes.WRONG);
        Distraction wrong = distract(Rationale.of(Shoes.BALANCED)).getFirst();
        assertThat(wrong.reply().value()).isNotNull();
        String second = chat.message("distractor", 1);
        assertThat(second).contains("Your last reply to this was refused").contains("concludes with the right answer");
        assertThat(preferred(second)).isNotEqualTo(preferred(chat.message("distractor", 0)));
        assertThat(wrong.mistake().key()).isEqualTo(preferred(second));
    }

    @Test
    void an_omission_is_not_asked_of_a_solution_of_few_steps() {
        chat.on("distractor", Shoes.WRONG_TERSE);
        distract(Shoes.TERSE);
        assertThat(chat.message("distractor", 0)).doesNotContain("omission:");
        chat.requests.clear();
        distract(Rationale.of(Shoes.OTHER_BALANCED));
        assertThat(chat.message("distractor", 0)).contains("omission:");
    }

    @Test
    void a_wrong_version_has_calculator_marks_where_the_right_one_has_them() {
        String wrong =
                "Riley has 8 + 3 = <<8+3=11>>11 pairs.\n\nTogether they have 8 + 11 = <<8+11=19>>19 pairs.\n\n\\boxed{19}";
        chat.on("distractor", wrong);
        Rationale plain = new Rationale("Riley has 8 - 3 = 5 pairs.\nTogether they have 8 + 5 = 13 pairs.", "13");
        assertThat(distract(plain).getFirst().reply().found().orElseThrow().text())
                .contains("8 + 3 = 11 pairs")
                .doesNotContain("<<");
        Rationale marked = new Rationale(
                "Riley has 8 - 3 = <<8-3=5>>5 pairs.\nTogether they have 8 + 5 = <<8+5=13>>13 pairs.", "13");
        assertThat(distract(marked).getFirst().reply().found().orElseThrow().text())
                .isEqualTo(wrong);
    }

    private static String preferred(String message) {
        return message.lines()
                .filter(line -> line.startsWith("Preferred kind: "))
                .map(line -> line.replaceFirst("Preferred kind: (\\w+).*", "$1"))
                .findFirst()
                .orElseThrow();
    }
}
