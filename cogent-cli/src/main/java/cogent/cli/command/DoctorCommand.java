package cogent.cli.command;

import cogent.data.InputException;
import cogent.eval.BenchmarkFile;
import cogent.eval.code.Sandbox;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.EndpointCheck;
import cogent.model.hub.HubRepo;
import cogent.model.tensor.Blas;
import cogent.model.tensor.LibTorch;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.HubNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
            Blas.narrowed()
                    .ifPresent(kernels -> say(
                            out,
                            true,
                            "speed",
                            "OPENBLAS_CORETYPE asks for the kernels of an older processor (" + kernels
                                    + "): training in fp32 is up to twice as fast without that variable"));
        } catch (InputException e) {
            say(out, false, "libtorch", "does not load: " + e.getMessage());
        } catch (LinkageError e) {
            say(out, false, "libtorch", "does not load: " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
        memory(out);
        Recipe recipe = file == null ? null : RecipeReader.read(file, sets);
        sandbox(out, recipe);
        if (recipe != null) {
            recipe(out, recipe);
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

    /** Only benchmarks of programs need it: where the recipe names none, its absence is no fault. */
    private void sandbox(PrintWriter out, @Nullable Recipe recipe) {
        boolean needed = recipe != null && holdsPrograms(out, recipe.evaluate().benchmarks());
        try (Sandbox _ = Sandbox.open()) {
            say(out, true, "sandbox", "bubblewrap works; programs of a benchmark such as LiveCodeBench run in it");
        } catch (InputException e) {
            say(
                    out,
                    !needed,
                    "sandbox",
                    e.getMessage() + (needed ? "" : "; only benchmarks of programs (LiveCodeBench) need one"));
        }
    }

    private boolean holdsPrograms(PrintWriter out, List<String> benchmarks) {
        boolean programs = false;
        for (String name : benchmarks) {
            try {
                programs |= !Recipe.PLAYGROUND.equals(name)
                        && BenchmarkFile.load(name).code() != null;
            } catch (InputException e) {
                say(out, false, "evaluate", String.valueOf(e.getMessage()));
            }
        }
        return programs;
    }

    private void recipe(PrintWriter out, Recipe recipe) {
        say(out, true, "device", recipe.student().device());
        if (recipe.bringsRows()) {
            given(out, "SFT rows", recipe.sft().rows());
            given(out, "pairs", recipe.align().rows());
            student(out, recipe.student().model());
        }
        boolean only = recipe.bringsRows()
                || (recipe.corpus().path() == null
                        && !recipe.evaluate().benchmarks().isEmpty());
        if (!only) { // else an evaluation of models that are there already
            path(out, "corpus", recipe.corpus().path());
            student(out, recipe.student().model());
            teacher(out, recipe);
        }
        for (String name : recipe.evaluate().endpoints().keySet()) {
            endpoint(out, name, () -> Teachers.evaluated(recipe, name));
        }
    }

    private void given(PrintWriter out, String what, @Nullable String path) {
        if (path != null) {
            path(out, what, path);
        }
    }

    private void teacher(PrintWriter out, Recipe recipe) {
        if (Recipe.PLAYGROUND.equals(recipe.teacher().url())) {
            say(out, true, "teacher", "the built-in rule-based one; nothing leaves this machine");
        } else {
            endpoint(out, "teacher", () -> Teachers.endpoint(recipe.teacher()));
        }
    }

    private void endpoint(PrintWriter out, String what, Supplier<Endpoint> endpoint) {
        try {
            for (EndpointCheck check : EndpointCheck.of(endpoint.get())) {
                say(out, check.reachable() && check.modelFound(), what, check.says());
            }
        } catch (InputException e) {
            say(out, false, what, String.valueOf(e.getMessage()));
        }
    }

    private void path(PrintWriter out, String what, @Nullable String path) {
        if (path == null) {
            say(out, false, what, "not set in the recipe");
        } else if (Recipe.PLAYGROUND.equals(path)) {
            say(out, true, what, "the built-in one");
        } else {
            boolean hub = path.startsWith("hf://datasets/");
            boolean there = hub || HubNames.isThere(path);
            say(out, there, what, path + (hub ? " of the hub" : there ? "" : ": no such file or folder"));
        }
    }

    private void student(PrintWriter out, @Nullable String model) {
        boolean hub = model != null
                && !Recipe.PLAYGROUND.equals(model)
                && !Files.exists(Path.of(model))
                && HubRepo.model(model).isPresent();
        if (hub) {
            say(out, true, "student", model + ": no such folder, so a model of the hub; a run fetches what is missing");
        } else {
            path(out, "student", model);
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
