package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/scale.md with the variables that SLURM and Kubernetes set, and what they come to for each rank. */
@DisabledOnOs(OS.WINDOWS)
class LaunchersTest {
    private static final int RANKS = 32;

    @TempDir
    Path folder;

    private String page;

    @BeforeEach
    void programs_that_say_what_they_are_given() throws IOException {
        page = Files.readString(Path.of("../docs/scale.md"));
        program("cogent", "echo \"$*\"; env > ranks/$RANK");
        program("scontrol", "[ \"$*\" = \"show hostnames node[1-4]\" ] && printf 'node1\\nnode2\\nnode3\\nnode4\\n'");
        program("srun", """
                while [ "${1#-}" != "$1" ]; do shift; done
                for task in $(seq 0 31); do
                  SLURM_PROCID=$task SLURM_LOCALID=$((task % 8)) SLURM_NTASKS=32 "$@"
                done""");
        Files.createDirectory(folder.resolve("ranks"));
    }

    @Test
    void a_slurm_job_starts_a_rank_on_each_gpu() throws Exception {
        Matcher script = Pattern.compile("```sh\n(#SBATCH[^`]*srun[^`]*)```").matcher(page);
        assertThat(script.find()).isTrue();
        assertThat(sh(script.group(1), Map.of("SLURM_JOB_NODELIST", "node[1-4]")))
                .hasLineCount(RANKS)
                .startsWith("run recipe.yaml\n");
        List<Launch> ranks = ranks(RANKS);
        assertThat(ranks).extracting(Launch::rank).containsExactlyElementsOf(numbers(RANKS));
        assertThat(ranks)
                .allMatch(rank -> rank.localRank() == rank.rank() % 8
                        && rank.host().equals("node1")
                        && rank.port() == 29500
                        && rank.worldSize() == RANKS);
    }

    @Test
    void the_pods_of_an_indexed_job_are_a_rank_each() throws Exception {
        Matcher command = Pattern.compile("command: \\[sh, -c, \"(.*)\"]").matcher(page);
        assertThat(command.find()).isTrue();
        for (int pod = 0; pod < 4; pod++) {
            assertThat(sh(command.group(1), Map.of("JOB_COMPLETION_INDEX", String.valueOf(pod))))
                    .isEqualTo("run recipe.yaml\n");
        }
        List<Launch> ranks = ranks(4);
        assertThat(ranks).extracting(Launch::rank).containsExactlyElementsOf(numbers(4));
        assertThat(ranks)
                .allMatch(rank -> rank.localRank() == 0 && rank.host().equals("JOB-0.cogent") && rank.worldSize() == 4);
    }

    private static List<Integer> numbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private List<Launch> ranks(int count) throws IOException {
        List<Launch> ranks = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            Map<String, String> environment = new HashMap<>();
            for (String line : Files.readAllLines(folder.resolve("ranks/" + rank))) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    environment.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            ranks.add(Launch.of(environment).orElseThrow());
        }
        return ranks;
    }

    private String sh(String script, Map<String, String> environment) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(environment);
        shell.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void program(String name, String script) throws IOException {
        assertThat(Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n")
                        .toFile()
                        .setExecutable(true))
                .isTrue();
    }
}
