package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.tensor.Ranks;
import cogent.pipeline.Pipeline;
import cogent.pipeline.RunList;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.report.CurationReport;
import cogent.report.ReportBuilder;
import cogent.report.ReportData;
import cogent.report.ReportData.Curation;
import cogent.report.ReportData.Stage.State;
import cogent.report.ReportData.Training;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny run of the playground, stage after stage, and what is told of it. */
class TinyRunTest {
    @TempDir
    private static Path folder;

    private static Recipe recipe;
    private static RunDirectory run;
    private static ReportData begun;
    private static ReportData whole;
    private static String html;

    @BeforeAll
    static void runs_the_playground() throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.yaml"), """
                name: tiny
                runs: %s
                corpus: {path: playground}
                playground: {problems: 60, held_out: 8}
                student: {model: playground}
                teacher: {url: playground}
                sft: {max_steps: 3, batch_size: 4, learning_rate: 1e-3}
                raw_sft: {enabled: true}
                align: {max_steps: 2, batch_size: 4}
                evaluate: {benchmarks: [playground], models: [raw, sft, aligned], max_new_tokens: 8}
                """.formatted(folder));
        recipe = RecipeReader.read(file, List.of());
        run = RunDirectory.of(recipe);
        run(List.of("playground", "curate"));
        begun = ReportBuilder.data(recipe, run);
        run(Pipeline.of(recipe).stages());
        whole = ReportBuilder.data(recipe, run);
        html = Files.readString(run.report()).replace('\u00A0', ' ');
    }

    private static String run(List<String> stages) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        RunView view = new RunView(
                new ProgressLine(new PrintWriter(said, true, StandardCharsets.UTF_8), false, () -> TerminalSize.USUAL),
                recipe);
        Pipeline.of(recipe).run(stages, new ReplySource.Live(), Ranks.alone(), view, new StopRequest());
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_run_of_one_stage_reports_that_stage_and_what_is_missing() {
        assertThat(begun.stages())
                .extracting(ReportData.Stage::state)
                .containsExactly(State.NOT_RUN, State.DONE, State.NOT_RUN, State.NOT_RUN, State.NOT_RUN);
        assertThat(begun.curation()).isPresent();
        assertThat(begun.trainings()).isEmpty();
        assertThat(begun.benchmarks()).isEmpty();
    }

    @Test
    void a_finished_run_is_not_run_again() {
        assertThat(run(Pipeline.of(recipe).stages()).lines())
                .hasSize(7)
                .allMatch(line -> line.contains("done before: "));
    }

    @Test
    void the_command_for_the_next_answers_can_be_given_to_a_shell() {
        assertThat(AnswerPages.of(run, new AnswerPages.Wish(AnswerPages.Filter.ALL, null, "CRV + CogPO", null, 1, 3)))
                .contains(" --answers --model 'CRV + CogPO' --size 3 --page 2\n");
    }

    @Test
    void curation_counts_add_up_to_the_corpus_and_to_the_files() throws IOException {
        Curation curation = whole.curation().orElseThrow();
        assertThat(curation.corpus()).isEqualTo(60);
        assertThat(curation.labels().values().stream().mapToLong(n -> n).sum()).isEqualTo(60);
        assertThat(curation.sftRows()).isEqualTo(lines(run.sftRows()));
        assertThat(curation.pairs().stream()
                        .mapToLong(ReportData.GapPairs::pairs)
                        .sum())
                .isEqualTo(lines(run.preferences()));
        assertThat(curation.agents())
                .extracting(ReportData.AgentUse::agent)
                .containsExactly("critic", "rethinker", "verifier", "distractor");
        assertThat(curation.examples()).isNotEmpty().allMatch(e -> !e.wrong().isEmpty());
    }

    @Test
    void a_curation_under_way_is_counted_from_the_stories_so_far() {
        Curation done = whole.curation().orElseThrow();
        assertThat(new CurationReport(recipe, run).of(Optional.empty())).contains(done);
    }

    @Test
    void trainings_have_their_curves_and_names() {
        assertThat(whole.trainings()).extracting(Training::name).containsExactly("raw SFT", "CRV", "CRV + CogPO");
        assertThat(whole.trainings()).extracting(Training::steps).containsExactly(3L, 3L, 2L);
        assertThat(whole.trainings()).extracting(Training::plannedSteps).containsExactly(3L, 3L, 2L);
        assertThat(whole.trainings()).allMatch(t -> t.curve("loss").size() == t.steps());
    }

    @Test
    void every_percentage_of_the_terminal_stands_in_the_page() {
        List<String> shares = Pattern.compile("[0-9.]+ %")
                .matcher(ResultTables.of(recipe, run)
                        .lines()
                        .filter(line -> line.contains(" – "))
                        .reduce("", String::concat))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(shares).hasSize(3);
        assertThat(html)
                .contains(shares)
                .contains("CRV + CogPO")
                .contains("tiny")
                .contains("libtorch");
        assertThat(whole.benchmarks().getFirst().examples())
                .hasSize(8)
                .allMatch(e -> e.answers().size() == 3 && !e.problem().equals(e.id()));
    }

    @Test
    void artefacts_are_named_from_the_run_directory_with_their_hashes() {
        assertThat(whole.artefacts())
                .extracting(ReportData.Artefact::path)
                .contains("sft.jsonl", "preferences.jsonl", "models/aligned/model.safetensors");
        assertThat(whole.artefacts()).allMatch(a -> a.bytes() > 0 && a.sha256().length() == 64);
    }

    @Test
    void a_sample_tells_its_story() {
        String story = SampleStory.of(recipe, run, "train-0");
        assertThat(story).contains("train-0", "critic", "kept", "β 0.5");
        assertThatThrownBy(() -> SampleStory.of(recipe, run, "none"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no sample none")
                .hasMessageContaining("train-");
    }

    @Test
    void a_row_that_was_left_out_is_told_with_its_reason() throws IOException {
        byte[] before = Files.readAllBytes(run.refused());
        try {
            Files.writeString(run.refused(), """
                    {"id": "loop-1", "stage": "corpus", "reason": "the rationale ends in a loop"}
                    """, StandardOpenOption.APPEND);
            assertThatThrownBy(() -> SampleStory.of(recipe, run, "loop-1"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("its row was left out (corpus: the rationale ends in a loop)");
        } finally {
            Files.write(run.refused(), before);
        }
    }

    @Test
    void runs_are_listed_with_their_state() {
        assertThat(RunsTable.of(RunList.of(folder))).contains("tiny").contains("done  raw SFT");
        assertThat(RunsTable.json(RunList.of(folder)).get(0).path("next").isNull())
                .isTrue();
        assertThatThrownBy(() -> RunList.of(folder.resolve("nowhere"))).isInstanceOf(InputException.class);
    }

    @Test
    void a_folder_without_a_recipe_is_no_run() {
        assertThatThrownBy(() -> new RunDirectory(folder).readRecipe())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no run directory");
    }

    private static long lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
