package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.agent.Scripted;
import cogent.curate.agent.Shoes;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class StoryFormatTest {
    private static final String LONG = IntStream.range(0, 1000)
                    .mapToObj(i -> "Step " + i + " counts one pair more.")
                    .collect(Collectors.joining("\n\n"))
            + "\n\n\\boxed{13}";

    private final Scripted chat = new Scripted();

    private Curated curate(Sample sample) {
        return Curation.of(chat, "0.5B").curate(sample);
    }

    @Test
    void an_original_that_is_kept_stands_there_once_and_a_rewrite_where_its_call_is_stored() {
        chat.on("critic", "Label: balanced")
                .on("verifier", "Reason: fine\nVerdict: correct")
                .on("distractor", "no");
        Curated kept = curate(new Sample(Shoes.PROBLEM, Rationale.of(LONG)));
        String story = StoryFormat.write(kept, Map.of());
        assertThat(story.length()).isBetween(LONG.length(), LONG.length() + 4000);
        assertThat(StoryFormat.read(story, _ -> "")).isEqualTo(kept);

        chat.requests.clear();
        Scripted rewriting = new Scripted()
                .on("critic", "Label: brief")
                .on("rethinker", LONG)
                .on("verifier", "Reason: fine\nVerdict: correct")
                .on("distractor", "no");
        Curated rewritten = Curation.of(rewriting, "0.5B").curate(Shoes.SAMPLE);
        String named = StoryFormat.write(rewritten, Map.of("key", LONG));
        assertThat(named.length()).isLessThan(4000);
        assertThat(StoryFormat.read(named, key -> key.equals("key") ? LONG : ""))
                .isEqualTo(rewritten);
    }

    @Test
    void a_story_of_before_is_still_read() {
        chat.on("critic", "Hm.");
        Curated refused = curate(new Sample(new Problem("p", "?".repeat(100), "1"), Rationale.of("It is \\boxed{1}")));
        String old = JsonMapper.shared().writeValueAsString(refused).replace("\"failedAttempts\"", "\"misses\"");
        assertThat(StoryFormat.read(old, _ -> "")).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[9, 0, 80]",
                "[-1, 0, 80]",
                "[0, 0, 100000]",
                "[0, 5, 2147483647]",
                "[0, -1, 80]",
                "[0, 0, -1]",
                "[0]"
            })
    void a_text_that_is_not_there_is_told(String place) {
        chat.on("critic", "Hm.");
        String story = StoryFormat.write(
                curate(new Sample(new Problem("p", "?".repeat(100), "1"), Rationale.of("It is \\boxed{1}"))), Map.of());
        assertThat(story).contains("[0,0,100]");
        assertThatThrownBy(() -> StoryFormat.read(story.replace("[0,0,100]", place), _ -> ""))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("no text is at");
    }
}
