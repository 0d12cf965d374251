package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.store.RunDatabase;
import cogent.pipeline.run.UnfinishedException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SamplesPageTest {
    private static final Pattern SAMPLE = Pattern.compile("href=\"(/run/[^/]+/sample/[^\"/]+)\"");
    private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
    private static final Pattern PREVIOUS = Pattern.compile("rel=\"prev\" href=\"([^\"]+)\"");
    private static final String HOSTILE = "<script>alert(1)</script>\"'\u2028</textarea>&amp;";

    @TempDir
    private static Path runs;

    private static Path run;
    private static Studio studio;
    private static Browser browser;

    @BeforeAll
    static void curates() throws Exception {
        run = RunFixture.done(runs, "tiny", "corpus: {path: playground}", "playground", "curate");
        studio = Studio.start(runs, 0);
        browser = Browser.of(studio);
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    @Test
    void every_sample_is_listed_and_leads_to_its_story_its_pairs_and_its_calls() throws Exception {
        List<String> samples = samples("/run/tiny/samples");
        assertThat(samples).hasSize(40).doesNotHaveDuplicates();
        String easy = samples("/run/tiny/samples?label=easy&outcome=kept").getFirst();
        assertThat(browser.page(easy))
                .contains("Critic: easy")
                .contains("Rewrite 1: verified")
                .contains("<ins>")
                .contains("small gap")
                .contains("judge passed");
        assertThat(browser.page(easy + "/calls"))
                .contains("critic")
                .contains("rethinker")
                .contains("verifier")
                .contains("raw-text");
    }

    @Test
    void filters_ask_for_what_the_table_and_the_stories_tell() throws Exception {
        List<String> all = samples("/run/tiny/samples");
        List<String> byLabel = Stream.of("easy", "medium", "hard")
                .flatMap(label -> samples("/run/tiny/samples?label=" + label).stream())
                .toList();
        assertThat(byLabel).containsExactlyInAnyOrderElementsOf(all);
        assertThat(samples("/run/tiny/samples?gap=small&label=medium")).isEmpty();
        assertThat(samples("/run/tiny/samples?gap=large")).isNotEmpty();
        assertThat(samples("/run/tiny/samples?longer=1000000")).isEmpty();
        assertThat(samples("/run/tiny/samples?text=nowhere+at+all")).isEmpty();
        String id = all.get(7).replaceAll(".*/", "");
        assertThat(samples("/run/tiny/samples?text=" + id)).contains(all.get(7));
    }

    @Test
    void nonsense_in_the_address_is_said_and_no_failure() throws Exception {
        for (String query :
                List.of("label=none", "after=x", "rounds=many", "longer=long", "after=99999999999999999999")) {
            assertThat(browser.ask("/run/tiny/samples?" + query).statusCode()).isEqualTo(400);
        }
        assertThat(browser.ask("/run/tiny/samples?after=1000000").statusCode()).isEqualTo(200);
        assertThat(browser.ask("/run/tiny/sample/none").statusCode()).isEqualTo(404);
    }

    @Test
    void samples_that_were_lost_are_not_said_to_be_still_to_come() throws Exception {
        Path lost = Files.createDirectories(runs.resolve("lost/stages")).getParent();
        Files.copy(run.resolve("recipe.yaml"), lost.resolve("recipe.yaml"));
        assertThat(browser.page("/run/lost/samples")).contains("No sample has been looked at yet.");
        Files.copy(run.resolve("stages/curate.json"), lost.resolve("stages/curate.json"));
        assertThat(browser.page("/run/lost/samples")).contains("run.db, in which they are kept, is not in");
        assertThat(browser.page("/")).contains("/run/lost").doesNotContain("writing into");
    }

    @Test
    void from_what_is_not_there_a_link_leads_back_into_the_run() throws Exception {
        for (String page : List.of("sample/none", "sample/none/calls", "samples?after=x", "no")) {
            assertThat(browser.ask("/run/tiny/" + page).body())
                    .contains("<a href=\"/run/tiny\">The run tiny</a>", "<a href=\"/run/tiny/samples\">");
        }
        assertThat(browser.ask("/run/%3Ci%3E/samples").body())
                .contains("<a href=\"/run/%3Ci%3E\">The run &lt;i&gt;</a>")
                .doesNotContain("<i>");
        assertThat(browser.ask("/run/none").body()).doesNotContain("The run");
    }

    @Test
    void a_note_is_kept_in_the_run_found_again_and_leaves_its_sample_out_of_the_rows() throws Exception {
        String sample = samples("/run/tiny/samples?label=hard&outcome=kept").getFirst();
        String id = sample.replaceAll(".*/", "");
        assertThat(browser.send(sample, sample, Map.of("marked", "yes", "left_out", "yes", "comment", HOSTILE))
                        .statusCode())
                .isEqualTo(200);
        assertThat(browser.page(sample)).contains("&lt;script&gt;").doesNotContain("<script>alert");
        assertThat(browser.page("/run/tiny/samples?noted=yes")).contains(sample).doesNotContain("<script>alert");
        assertThat(Files.readString(run.resolve("notes.json"))).contains(id);
        List<JsonNode> exported = lines(browser.page("/run/tiny/samples.jsonl?noted=yes"));
        assertThat(exported).singleElement().satisfies(row -> {
            assertThat(row.path("comment").asString()).isEqualTo(HOSTILE);
            assertThat(row.path("pairs").size()).isPositive();
        });
        for (String file : List.of("sft.jsonl", "preferences.jsonl")) {
            List<JsonNode> before = lines(Files.readString(run.resolve(file)));
            List<JsonNode> after = lines(browser.page("/run/tiny/rows/" + file));
            before.removeIf(
                    row -> row.path("id").asString().replaceAll("#.*", "").equals(id));
            assertThat(after).isEqualTo(before);
        }
        browser.send(sample, sample, Map.of("comment", " "));
        assertThat(samples("/run/tiny/samples?noted=yes")).isEmpty();
    }

    @Test
    void a_story_that_cannot_be_read_is_named_and_hides_no_other() throws Exception {
        RunFixture.torn(runs, "tiny", "torn", 3);
        List<String> samples = samples("/run/torn/samples");
        assertThat(samples).hasSize(40).contains("/run/torn/sample/train-3");
        assertThat(browser.page("/run/torn/samples")).containsOnlyOnce("a story in it cannot be read");
        assertThat(samples("/run/torn/samples?text=cannot+be+read")).containsExactly("/run/torn/sample/train-3");
        assertThat(browser.ask("/run/torn/sample/train-3"))
                .returns(200, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("run.db is damaged")
                .doesNotContain("has answered yet");
        assertThat(lines(browser.page("/run/torn/samples.jsonl")))
                .hasSize(40)
                .filteredOn(row -> row.path("outcome").asString().equals("unreadable"))
                .singleElement()
                .satisfies(row -> assertThat(row.path("id").asString()).isEqualTo("train-3"));
    }

    @Test
    void notes_that_cannot_be_read_are_told_of_and_left_as_they_are() throws Exception {
        RunFixture.copy(runs, "tiny", "noted");
        Path notes = Files.writeString(runs.resolve("noted/notes.json"), "{\"train-0\": ");
        String sample = samples("/run/noted/samples").getFirst();
        for (String page : List.of("/run/noted/samples", sample)) {
            assertThat(browser.page(page)).contains("notes.json: these are no notes of the studio");
        }
        assertThat(browser.send(sample, sample, Map.of("comment", "x")).statusCode())
                .isEqualTo(422);
        assertThat(notes).hasContent("{\"train-0\": ");
    }

    @Test
    void links_lead_back_as_they_lead_on() throws Exception {
        List<String> samples = samples("/run/tiny/samples");
        assertThat(PREVIOUS.matcher(browser.page(samples.getFirst())).find()).isFalse();
        Matcher back = PREVIOUS.matcher(browser.page(samples.get(7)));
        assertThat(back.find()).isTrue();
        assertThat(back.group(1)).isEqualTo(samples.get(6));
        assertThat(browser.page("/run/tiny/samples")).doesNotContain("rel=\"prev\"");
    }

    @Test
    void a_note_without_the_key_of_the_page_is_refused() throws Exception {
        String sample = samples("/run/tiny/samples").getFirst();
        assertThat(browser.post(sample, "comment=x", Map.of()).statusCode()).isEqualTo(403);
        assertThat(browser.post(sample, "comment=x", Map.of("Origin", "http://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(run.resolve("notes.json"))
                .satisfiesAnyOf(
                        file -> assertThat(file).doesNotExist(),
                        file -> assertThat(file).content().doesNotContain("\"x\""));
    }

    @Test
    void texts_of_a_hostile_corpus_are_text_everywhere() throws Exception {
        Path corpus = Files.createTempFile("hostile", ".jsonl");
        JsonMapper json = JsonMapper.shared();
        Files.writeString(
                corpus,
                json.writeValueAsString(Map.of(
                                "id", "a/b?c#" + HOSTILE,
                                "problem", "What is 1 + 1? " + HOSTILE,
                                "answer", "2",
                                "rationale", HOSTILE + " 1 + 1 = 2, so the answer is 2. " + HOSTILE))
                        + "\n");
        String recipe = "corpus: {path: \"" + corpus + "\", clean: {evaluated: keep}}";
        assertThatThrownBy(() -> RunFixture.done(runs, "hostile", recipe, "playground", "curate"))
                .isInstanceOf(UnfinishedException.class); // the rule-based teacher knows no such problem
        String list = browser.page("/run/hostile/samples?text=script");
        assertThat(list).contains("&lt;script&gt;").doesNotContain("<script>alert");
        String sample = samples("/run/hostile/samples").getFirst();
        for (String page : List.of(sample, sample + "/calls")) {
            assertThat(browser.page(page)).contains("&lt;script&gt;").doesNotContain("<script>alert");
        }
    }

    @Test
    void a_run_that_may_only_be_read_is_shown_and_refuses_notes_with_the_reason() throws Exception {
        Path copy = runs.resolve("read-only");
        Files.createDirectory(copy);
        for (String file : List.of("recipe.yaml", "run.db")) {
            Files.copy(run.resolve(file), copy.resolve(file));
        }
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            List<String> samples = samples("/run/read-only/samples");
            assertThat(samples).hasSize(40);
            var reply = browser.send(samples.getFirst(), samples.getFirst(), Map.of("comment", "x"));
            if (!Files.isWritable(copy)) { // root may write anywhere
                assertThat(reply.statusCode()).isEqualTo(422);
                assertThat(reply.body()).contains("cannot be written");
            }
        } finally {
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void a_run_that_stopped_says_how_many_samples_have_no_answer() throws Exception {
        RunFixture.unanswered(runs, "tiny", "stopped", 7);
        assertThat(browser.page("/run/stopped")).contains("40 samples looked at so far, 7 of them not answered yet");
    }

    @Test
    void samples_can_be_read_while_a_run_writes_them() throws Exception {
        try (RunDatabase database = RunDatabase.open(run)) {
            assertThat(samples("/run/tiny/samples")).hasSize(40);
            database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.executeUpdate("UPDATE calls SET agent = agent");
                }
            });
            assertThat(samples("/run/tiny/samples")).hasSize(40);
        }
    }

    @Test
    void a_hundred_thousand_samples_are_paged_by_where_the_last_page_ended() throws Exception {
        RunFixture.many(runs, "tiny", "big", 100_000);
        assertThat(browser.page("/run/big/samples")).contains("100,000 samples");
        assertThat(samples("/run/big/samples?after=99989"))
                .hasSize(10)
                .last()
                .asString()
                .endsWith("big-99999");
        assertThat(samples("/run/big/samples?after=89999&label=hard")).hasSize(50);
        Matcher back = PREVIOUS.matcher(browser.page("/run/big/samples?after=99989"));
        assertThat(back.find()).isTrue();
        assertThat(samples(back.group(1))).hasSize(50).last().asString().endsWith("big-99989");
        assertThat(browser.page("/run/big/samples?after=9"))
                .contains("rel=\"prev\" href=\"/run/big/samples?after=-1\"");
        List<String> found = new ArrayList<>();
        String page = "/run/big/samples?text=big-9999&after=91999";
        for (int pages = 0; page != null && pages < 5; pages++) {
            found.addAll(samples(page));
            Matcher next = NEXT.matcher(browser.page(page));
            page = next.find() ? next.group(1).replace("&amp;", "&") : null;
        }
        assertThat(page).isNull();
        assertThat(found).hasSize(10).first().asString().endsWith("big-99990");
    }

    private static List<String> samples(String page) {
        try {
            return SAMPLE.matcher(browser.page(page))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> lines(String text) {
        return new ArrayList<>(text.lines().map(JsonMapper.shared()::readTree).toList());
    }
}
