package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole study, small. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StudyTest {
    @TempDir
    static Path folder;

    private static Path study;
    private static Path root;

    @BeforeAll
    static void a_grid() throws IOException {
        root = folder.resolve("runs/grid");
        study = Files.writeString(folder.resolve("grid.yaml"), """
                runs: %s
                recipe:
                  corpus: {path: playground}
                  student: {model: playground}
                  teacher: {url: playground}
                  playground: {problems: 30, held_out: 6, steps: 1, largest: 20}
                  format: {prompt: "{problem}", completion: "{rationale}"}
                  sft: {max_steps: 2, batch_size: 8, learning_rate: 3.0e-3}
                  align: {max_steps: 2, batch_size: 4}
                  evaluate: {benchmarks: [playground], models: [sft, aligned], temperature: 0, max_new_tokens: 8}
                seeds: [1, 2]
                variants:
                  raw: {raw_sft.enabled: true, evaluate.models: [raw]}
                  CRV: {align.enabled: false}
                  CogPO:
                  β <reversed>: {curate.beta: {small: 0.5, medium: 0.2, large: 0.1}, align.gaps: [small, large]}
                  too large: {align.batch_size: 4, sft.max_length: 2}
                baseline: CRV
                compare: [CogPO, [CogPO, β <reversed>]]
                """.formatted(folder.resolve("runs")));
    }

    @Test
    @Order(1)
    void plan_counts_shared_stages_once_and_runs_nothing() {
        Ran plan = Cogent.run("study", study, "--plan");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains("5 variants, 2 seeds, 10 runs, 0 of them complete")
                .containsPattern("playground +2 +0 +2")
                .contains("no time yet");
        assertThat(root).doesNotExist();
    }

    @Test
    @Order(2)
    void one_variant_that_fails_leaves_the_others_alone() {
        Ran ran = Cogent.run("study", study, "--jobs", "2");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("too large · seed 1 failed: sft:", "2 of 10 runs are not complete; the same command");
        assertThat(ran.out()).contains("CogPO against β <reversed>", "report");
    }

    @Test
    @Order(3)
    void equal_work_is_done_once() throws IOException {
        assertThat(manifest("cogpo-1", "sft").path("from").asString()).endsWith("crv-1");
        assertThat(Files.getAttribute(root.resolve("cogpo-1/models/sft/model.safetensors"), "unix:nlink"))
                .isNotEqualTo(1);
        // another β makes other pairs, but the same rows to fine-tune on
        assertThat(manifest("β-reversed-1", "curate").path("from").isNull()).isTrue();
        assertThat(manifest("β-reversed-1", "sft").path("from").asString()).endsWith("crv-1");
        assertThat(root.resolve("raw-1/stages/curate.json")).doesNotExist();
    }

    @Test
    @Order(4)
    void results_lie_in_a_page_a_table_and_json() throws IOException {
        assertThat(Files.readAllLines(root.resolve("study.csv")))
                .hasSize(1 + 8)
                .first()
                .isEqualTo("benchmark,variant,seed,correct,n,accuracy,mean_tokens,truncated,unstated");
        JsonNode json = JsonMapper.shared().readTree(Files.readString(root.resolve("study.json")));
        assertThat(json.at("/benchmarks/0/variants").size()).isEqualTo(4);
        assertThat(json.at("/benchmarks/0/comparisons/1/against").asString()).isEqualTo("β <reversed>");
        assertThat(Files.readString(root.resolve("report.html")))
                .contains("8 of 10 complete", "β &lt;reversed&gt;", "Tokens and seconds", "Alignment: loss")
                .doesNotContain("<reversed>");
    }

    @Test
    @Order(5)
    void what_is_done_is_not_done_again() throws IOException {
        String made = manifest("cogpo-2", "align").path("finished").asString();
        assertThat(Cogent.run("study", study, "--seeds", "2").code()).isEqualTo(1);
        assertThat(manifest("cogpo-2", "align").path("finished").asString()).isEqualTo(made);
        assertThat(Cogent.run("study", study, "--plan").out()).contains("8 of them complete");
    }

    private static JsonNode manifest(String run, String stage) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(root.resolve(run).resolve("stages").resolve(stage + ".json")));
    }
}
