package cogent.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The cache is one with that of Python's {@code huggingface_hub}; {@code COGENT_HUB_PYTHON} names a Python that has it. */
@Timeout(120)
@EnabledIfEnvironmentVariable(named = "COGENT_HUB_PYTHON", matches = ".+")
class PythonHubTest {
    private static final HubRepo TINY = HubRepo.model("org/tiny").orElseThrow();
    private static final String WEIGHTS = "w".repeat(300_000);

    @TempDir
    Path cache;

    private String python(LocalHub local, String offline, String program) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(System.getenv("COGENT_HUB_PYTHON"), "-c", program).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "HF_ENDPOINT",
                        local.address().toString(),
                        "HF_HUB_CACHE",
                        cache.toString(),
                        "HF_HUB_OFFLINE",
                        offline,
                        "HF_HUB_DISABLE_XET",
                        "1",
                        "HF_HUB_DISABLE_PROGRESS_BARS",
                        "1"));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().toList().getLast();
    }

    private static LocalHub hub() throws IOException {
        return new LocalHub()
                .with(
                        "models/org/tiny",
                        Map.of("config.json", "{}", "tokenizer.json", "{}", "model.safetensors", WEIGHTS));
    }

    @Test
    void python_finds_offline_what_was_fetched_here() throws Exception {
        try (LocalHub local = hub()) {
            HubSettings settings = new HubSettings(local.address(), cache, Optional.empty(), false);
            Path fetched = new Hub(settings).model(TINY, HubProgress.SILENT);

            assertThat(python(
                            local,
                            "1",
                            "from huggingface_hub import snapshot_download, try_to_load_from_cache, scan_cache_dir\n"
                                    + "assert try_to_load_from_cache('org/tiny', 'model.safetensors')\n"
                                    + "assert not scan_cache_dir().warnings\n"
                                    + "print(snapshot_download('org/tiny'))"))
                    .isEqualTo(fetched.toString());
        }
    }

    @Test
    void what_python_fetched_is_found_here_offline() throws Exception {
        try (LocalHub local = hub()) {
            String fetched = python(
                    local,
                    "0",
                    "from huggingface_hub import hf_hub_download\n"
                            + "for f in ['config.json', 'tokenizer.json', 'model.safetensors']:\n"
                            + "    path = hf_hub_download('org/tiny', f)\n"
                            + "import os; print(os.path.dirname(path))");
            HubSettings settings = new HubSettings(local.address(), cache, Optional.empty(), true);

            assertThat(new Hub(settings).model(TINY, HubProgress.SILENT)).hasToString(fetched);
        }
    }
}
