package cogent.curate.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.curate.agent.Shoes;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SampleFilterTest {
    private static final String BENCH = "Every morning Aya goes for a 9-kilometer-long walk and stops at a coffee shop"
            + " afterwards. When she walks at a constant speed the walk takes her 4 hours.";

    private static Sample sample(String problem) {
        return new Sample(new Problem("p", problem, "1"), Rationale.of("It is 1.\n\n\\boxed{1}"));
    }

    private static Sample rationale(String text) {
        return new Sample(new Problem("p", "What?", "1"), Rationale.of(text));
    }

    @Test
    void a_problem_of_an_evaluation_set_is_left_out_even_when_framed_or_cut() {
        Contamination filter = new Contamination(Stream.of(new Problem("aime24-1", BENCH, "204")));
        String framed = "Solve this: " + BENCH.toUpperCase(java.util.Locale.ROOT) + " Explain your steps!";
        assertThat(filter.refuse(sample(framed)).orElseThrow().detail()).isEqualTo("aime24-1");
        assertThat(filter.refuse(sample(BENCH.substring(0, BENCH.length() - 40))))
                .isPresent();
    }

    @Test
    void a_problem_that_shares_a_set_phrase_only_stays() {
        Contamination filter = new Contamination(Stream.of(new Problem("aime24-1", BENCH, "204")));
        assertThat(filter.refuse(
                        sample("Ben bakes. He stops at a coffee shop afterwards. When she walks in, how many of"
                                + " his forty cakes and nineteen buns are left if he gave a third of each away?")))
                .isEmpty();
    }

    @Test
    void a_short_problem_is_compared_as_a_whole() {
        Contamination filter = new Contamination(Stream.of(new Problem("m", "What is 2 + 2?", "4")));
        assertThat(filter.refuse(sample("what is 2+2"))).isPresent();
        assertThat(filter.refuse(sample("what is 2+3"))).isEmpty();
    }

    private static final SampleFilter ENGLISH = new Languages(List.of("en"));

    @Test
    void a_near_duplicate_is_left_out_and_the_first_stays() {
        NearDuplicates filter = new NearDuplicates();
        assertThat(filter.refuse(sample(BENCH))).isEmpty();
        assertThat(filter.refuse(sample(BENCH.replace("4 hours.", "4 HOURS")))).isPresent();
        assertThat(filter.refuse(sample("Zoe has 88 eggs. She buys 3 more."))).isEmpty();
        assertThat(filter.refuse(sample("Zoe has 51 eggs. She sells 9."))).isEmpty();
    }

    @Test
    void detection_follows_the_curve_of_the_bands() {
        Random random = new Random(5);
        int found = 0;
        for (int trial = 0; trial < 300; trial++) {
            List<String> words = IntStream.range(0, 122)
                    .mapToObj(_ -> Integer.toString(random.nextInt(1_000_000)))
                    .collect(Collectors.toList());
            NearDuplicates filter = new NearDuplicates();
            filter.refuse(sample(String.join(" ", words)));
            // two changed words touch six of 120 runs of three: similarity 114 / 126
            words.set(30, "x");
            words.set(90, "y");
            found += filter.refuse(sample(String.join(" ", words))).isPresent() ? 1 : 0;
        }
        double similarity = 114.0 / 126;
        double expected = 1 - Math.pow(1 - Math.pow(similarity, 14), 9);
        assertThat(found / 300.0).isBetween(expected - 0.06, expected + 0.06);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fra | Chaque boîte contient 12 œufs, il y a 5 boîtes : 12 × 5 = 60 œufs au total.",
                "deu | Wir setzen x = 2y ein. Dann gilt 3x = 6y, also y = 5 und x = 10.",
                "spa | Ana tiene 3 manzanas y compra 4 más, así que 3 + 4 = 7.",
                "por | Ana tem 3 maçãs e compra mais 4, logo $3 + 4 = 7$. A resposta é 7.",
                "pol | Anna ma 3 jabłka i kupuje jeszcze 4, więc 3 + 4 = 7. Odpowiedź to 7.",
                "tur | Ayşe'nin 3 elması var ve 4 tane daha alıyor, yani 3 + 4 = 7 elması olur.",
                "cmn | 小明有3个苹果,又买了4个,所以 3 + 4 = 7。答案是7。",
                "rus | У Анны 3 яблока, она покупает ещё 4, значит 3 + 4 = 7. Ответ: 7."
            })
    void a_rationale_in_another_language_is_left_out_by_its_words(String language, String text) {
        assertThat(ENGLISH.refuse(rationale(text)).orElseThrow().detail()).isEqualTo(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Natalia sold 48/2 = <<48/2=24>>24 clips in May.",
                "The denominator factors into $x^2+x-6=(x-2)(x+3)$, so there are $\\boxed{2}$ asymptotes.",
                "Oranges: 12, Nectarines: 15. 12 + 15 = 27",
                "3x = 6y \\implies x = 2y \\Rightarrow y = 5",
                "12 × 5 = 60",
                "三加四 = 7"
            })
    void english_and_texts_with_few_words_stay(String text) {
        assertThat(ENGLISH.refuse(rationale(text))).isEmpty();
    }

    @Test
    void languages_go_by_their_codes_of_two_letters_or_three() {
        SampleFilter filter = new Languages(List.of("zh", "deu"));
        assertThat(filter.refuse(rationale("小明有3个苹果,又买了4个,所以 3 + 4 = 7。答案是7。"))).isEmpty();
        assertThat(filter.refuse(rationale("In jeder Schachtel sind 12 Eier, bei 5 Schachteln also 60 Eier.")))
                .isEmpty();
        assertThat(filter.refuse(rationale("Each box holds 12 eggs, so 5 boxes hold 60 of them.")))
                .isPresent();
        assertThatThrownBy(() -> new Languages(List.of("xx")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no language \"xx\"");
    }

    @Test
    void broken_encoding_and_endless_repetition_are_no_rationales() {
        Garble filter = new Garble();
        assertThat(filter.refuse(rationale("It is \ufffd1."))).isPresent();
        assertThat(filter.refuse(rationale("Let me check.\n\n" + "Wait, so 7 is 7.\n\n".repeat(400))))
                .isPresent();
        assertThat(filter.refuse(Shoes.SAMPLE)).isEmpty();
    }

    @Test
    void real_long_rationales_that_are_right_are_no_garble() throws IOException {
        long right = 0;
        long refusedRight = 0;
        long refusedCutOff = 0;
        Garble filter = new Garble();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(shared("data/long_cot.jsonl.gz")), StandardCharsets.UTF_8))) {
            for (String line : lines.lines().toList()) {
                JsonNode row = JsonMapper.shared().readTree(line);
                boolean refused = filter.refuse(rationale(row.path("generation").asString()))
                        .isPresent();
                boolean correct = row.path("is_correct").asBoolean(false);
                right += correct ? 1 : 0;
                refusedRight += correct && refused ? 1 : 0;
                refusedCutOff += row.path("truncated").asBoolean(false) && refused ? 1 : 0;
            }
        }
        assertThat(right).isGreaterThan(300);
        assertThat(refusedRight).isZero();
        assertThat(refusedCutOff).isGreaterThanOrEqualTo(10);
    }

    @Test
    void training_problems_of_gsm8k_are_kept_and_its_test_problems_are_caught() throws IOException {
        Contamination filter;
        try (Stream<Problem> test = problems("data/gsm8k_test.jsonl")) {
            filter = new Contamination(test);
        }
        try (Stream<Problem> test = problems("data/gsm8k_test.jsonl")) {
            assertThat(test.map(Problem::text)
                            .filter(text -> filter.refuse(sample(text)).isEmpty()))
                    .isEmpty();
        }
        try (Stream<Problem> train = problems("data/gsm8k_train.jsonl")) {
            assertThat(train.filter(problem ->
                                    filter.refuse(sample(problem.text())).isPresent())
                            .count())
                    .isLessThan(20);
        }
    }

    private static Stream<Problem> problems(String name) throws IOException {
        return new BufferedReader(new InputStreamReader(shared(name), StandardCharsets.UTF_8))
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .map(row -> new Problem(
                        row.path("id").asString(),
                        row.path("problem").asString(),
                        row.path("answer").asString()));
    }

    /** A file of the shared folder beside the checkout; skips the test where there is none. */
    private static InputStream shared(String name) throws IOException {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared").resolve(name);
            if (Files.isReadable(file)) {
                return Files.newInputStream(file);
            }
        }
        assumeTrue(false, "no shared/" + name + " beside this checkout");
        throw new AssertionError();
    }

    @Test
    void a_rationale_in_another_script_is_left_out_and_one_without_letters_stays() {
        Script latin = new Script(Character.UnicodeScript.LATIN);
        assertThat(latin.refuse(rationale("Three pears and two make five."))).isEmpty();
        assertThat(latin.refuse(rationale("3 + 2 = 5"))).isEmpty();
        assertThat(latin.refuse(rationale("三个梨加两个梨是五个梨。So 5.")).orElseThrow().detail())
                .isEqualTo("15 % of its letters are LATIN");
        assertThat(latin.refuse(rationale("The area is π·r², with Σ over all i, so 5.")))
                .isEmpty();
    }

    @Test
    void a_rationale_out_of_bounds_is_left_out() {
        LengthBounds bounds = new LengthBounds(5, 10);
        assertThat(bounds.refuse(rationale("1234567"))).isEmpty();
        assertThat(bounds.refuse(rationale("1234")).orElseThrow().reason()).isEqualTo("rationale too short");
        assertThat(bounds.refuse(rationale("12345678901")).orElseThrow().detail())
                .isEqualTo("11 of at most 10 characters");
    }

    @Test
    void the_text_of_a_problem_decides_whether_it_is_held_out() {
        HeldOut tenth = new HeldOut(0.1);
        long held = IntStream.range(0, 5000)
                .filter(i -> tenth.holds(new Problem("q" + i, "What is " + i + " + 1?", "1")))
                .count();
        assertThat(held).isBetween(430L, 570L);
        assertThat(IntStream.range(0, 200).mapToObj(i -> "What is " + i + " + 1?"))
                .allMatch(text ->
                        tenth.holds(new Problem("a", text, "1")) == tenth.holds(new Problem("b", text + "\n", "2")));
        assertThat(new HeldOut(0).refuse(sample("any"))).isEmpty();
    }
}
