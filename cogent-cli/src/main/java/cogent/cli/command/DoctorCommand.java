package cogent.cli.command;

import cogent.cli.recipe.Recipe;
import cogent.cli.recipe.RecipeReader;
import cogent.cli.run.Teachers;
import cogent.data.InputException;
import cogent.llm.EndpointCheck;
import cogent.tensor.LibTorch;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/** {@code cogent doctor}: whether this machine and the recipe's endpoint are ready. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "checks the JDK, libtorch, the device, memory and disk, and with a recipe its files and endpoint")
public final class DoctorCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "also check what this recipe needs")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one setting of the recipe")
    private List<String> sets = List.of();

    @Mixin
    private JsonOption json;

    private final ArrayNode findings = JsonRows.JSON.createArrayNode();
    private boolean healthy = true;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        say(out, true, "java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        try {
            LibTorch.load();
            say(
                    out,
                    true,
                    "libtorch",
                    "loads; matrix products by " + LibTorch.blas() + ", "
                            + Runtime.getRuntime().availableProcessors() + " cores");
        } catch (LinkageError e) {
            say(out, false, "libtorch", "does not load: " + e.getMessage());
        }
        memory(out);
        if (file != null) {
            recipe(out, RecipeReader.read(file, sets));
        }
        if (json.asked()) {
            out.println(JsonRows.JSON.createObjectNode().put("healthy", healthy).set("findings", findings));
        }
        out.flush();
        return healthy ? 0 : 1;
    }

    private void memory(PrintWriter out) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine) {
            long free = machine.getFreeMemorySize();
            say(
                    out,
                    free > GIB,
                    "memory",
                    "%.1f of %.1f GiB free"
                            .formatted((double) free / GIB, (double) machine.getTotalMemorySize() / GIB));
        }
        disk(out, Path.of("").toAbsolutePath());
    }

    private void disk(PrintWriter out, Path folder) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            say(out, free > GIB, "disk", "%.1f GiB free at %s".formatted((double) free / GIB, folder));
        } catch (IOException e) {
            say(out, false, "disk", folder + ": " + e.getMessage());
        }
    }

    private void recipe(PrintWriter out, Recipe recipe) {
        say(out, true, "device", recipe.student().device());
        path(out, "corpus", recipe.corpus().path());
        path(out, "student", recipe.student().model());
        if (Recipe.PLAYGROUND.equals(recipe.teacher().url())) {
            say(out, true, "teacher", "the built-in rule-based one; nothing leaves this machine");
            return;
        }
        try {
            for (EndpointCheck check : EndpointCheck.of(Teachers.endpoint(recipe.teacher()))) {
                say(out, check.reachable() && check.modelFound(), "teacher", check.says());
            }
        } catch (InputException e) {
            say(out, false, "teacher", String.valueOf(e.getMessage()));
        }
    }

    private void path(PrintWriter out, String what, @Nullable String path) {
        if (path == null) {
            say(out, false, what, "not set in the recipe");
        } else if (Recipe.PLAYGROUND.equals(path)) {
            say(out, true, what, "the built-in one");
        } else {
            boolean there = Files.exists(Path.of(path));
            say(out, there, what, path + (there ? "" : ": no such file or folder"));
        }
    }

    private void say(PrintWriter out, boolean good, String what, String finding) {
        healthy &= good;
        if (json.asked()) {
            findings.addObject().put("what", what).put("ok", good).put("finding", finding);
        } else {
            out.printf(" %s %-9s %s%n", good ? "ok" : "!!", what, finding);
        }
    }
}
