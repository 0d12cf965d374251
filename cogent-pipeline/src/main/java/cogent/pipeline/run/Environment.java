package cogent.pipeline.run;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.model.tensor.LibTorch;
import cogent.pipeline.recipe.Recipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a run ran on; kept in the run directory, so that a report written elsewhere still tells the truth. */
public final class Environment {
    /** A named value of the environment. */
    public record Fact(String name, String value) {}

    private Environment() {}

    /** Writes down this machine as the run's. */
    public static void record(Recipe recipe, RunDirectory run) {
        AtomicFile.write(run.environment(), JsonMapper.shared().writeValueAsBytes(here(recipe)));
    }

    /** What was written down; nothing when nothing was. */
    public static List<Fact> of(RunDirectory run) {
        try {
            return JsonMapper.shared().readValue(Files.readString(run.environment()), new TypeReference<>() {});
        } catch (IOException | JacksonException e) {
            return List.of();
        }
    }

    private static List<Fact> here(Recipe recipe) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Cogent", Version.NUMBER));
        facts.add(new Fact("Java", Runtime.version() + ", " + System.getProperty("java.vm.name")));
        facts.add(new Fact("libtorch", libtorch()));
        facts.add(new Fact("device", Students.device(recipe)));
        facts.add(
                new Fact("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores"));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine) {
            facts.add(new Fact(
                    "memory",
                    String.format(Locale.ROOT, "%.1f GiB", (double) machine.getTotalMemorySize() / (1L << 30))));
        }
        facts.add(new Fact(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch")));
        return facts;
    }

    private static String libtorch() {
        try {
            LibTorch.load();
            return "matrix products by " + LibTorch.blas();
        } catch (InputException | LinkageError e) {
            return "does not load";
        }
    }

    /** The processor's name where the system tells it, as Linux does. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("name not known");
        } catch (IOException e) {
            return "name not known";
        }
    }
}
