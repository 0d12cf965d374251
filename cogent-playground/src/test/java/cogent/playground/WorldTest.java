package cogent.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Sample;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldTest {
    /** Reads the deeds off the text without any code of the world. */
    private static int independently(String problem) {
        Matcher number = Pattern.compile("(?:has|finds|buys|wins|loses|sells|uses|for|given) (\\d+)")
                .matcher(problem);
        int value = 0;
        while (number.find()) {
            int n = Integer.parseInt(number.group(1));
            switch (number.group().replaceAll(" \\d+", "")) {
                case "has" -> value = n;
                case "finds", "buys", "wins" -> value += n;
                case "loses", "sells", "uses" -> value -= n;
                default -> value *= n;
            }
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource({"1,9", "2,99", "3,99", "3,999", "6,9999"})
    void every_answer_is_what_the_words_say(int steps, int largest) {
        World world = new World(steps, largest);
        int n = largest == 9 ? 300 : 3000;
        Stream.concat(world.corpus(n, 7).map(Sample::problem), world.heldOut(n / 10, 7))
                .forEach(problem -> {
                    assertThat(problem.answer()).isEqualTo(String.valueOf(independently(problem.text())));
                    assertThat(Story.read(problem.text()).orElseThrow().answer())
                            .isEqualTo(independently(problem.text()));
                });
    }

    @Test
    void every_number_stays_between_one_and_the_largest() {
        new World(3, 99)
                .corpus(3000, 1)
                .map(sample -> Story.read(sample.problem().text()).orElseThrow())
                .forEach(task -> {
                    assertThat(task.start()).isBetween(1, 99);
                    assertThat(task.results())
                            .allSatisfy(result -> assertThat(result).isBetween(1, 99));
                });
    }

    @Test
    void training_and_held_out_never_share_a_text_or_a_story_with_the_same_numbers() {
        Set<String> trained = new HashSet<>();
        for (int seed = 0; seed < 5; seed++) {
            World.QUICKSTART.corpus(4000, seed).forEach(s -> trained.add(plot(s.problem())));
        }
        for (int seed = 0; seed < 5; seed++) {
            assertThat(World.QUICKSTART.heldOut(500, seed).map(WorldTest::plot)).noneMatch(trained::contains);
        }
    }

    /** The text with names and things taken out: deeds and numbers. */
    private static String plot(Problem problem) {
        return problem.text()
                .replaceAll(String.join("|", Story.THINGS), "things")
                .replaceAll("^\\w+", "Someone")
                .replaceAll("\\b[Ss]?[Hh]e\\b", "they");
    }

    @Test
    void problems_are_all_different_and_repeat_with_the_seed() {
        List<Sample> corpus = World.QUICKSTART.corpus(4000, 7).toList();

        assertThat(corpus).extracting(s -> s.problem().text()).doesNotHaveDuplicates();
        assertThat(World.QUICKSTART.corpus(4000, 7)).containsExactlyElementsOf(corpus);
        assertThat(World.QUICKSTART.corpus(50, 8).toList()).isNotEqualTo(corpus.subList(0, 50));
    }

    @Test
    void the_kinds_come_in_equal_parts_and_end_in_the_boxed_answer() {
        List<Sample> corpus = World.QUICKSTART.corpus(3000, 7).toList();

        assertThat(corpus)
                .allSatisfy(s -> assertThat(s.rationale().conclusion())
                        .isEqualTo(s.problem().answer()));
        assertThat(corpus.stream()
                        .collect(Collectors.groupingBy(
                                s -> RationaleReading.of(
                                                Story.read(s.problem().text()).orElseThrow(),
                                                s.rationale().text())
                                        .label()
                                        .difficulty(),
                                Collectors.counting()))
                        .values())
                .containsExactly(1000L, 1000L, 1000L);
    }

    @Test
    void a_world_too_small_for_the_wish_says_so() {
        assertThatThrownBy(() -> new World(1, 9).corpus(1_000_000, 1).toList())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ran out of different problems");
        assertThatThrownBy(() -> new World(0, 99)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new World(2, 3)).isInstanceOf(InputException.class);
    }
}
