package cogent.eval;

import cogent.data.InputException;
import cogent.data.corpus.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads benchmark files (YAML), the built-in ones and the user's. Copy a built-in one to start from. */
public final class BenchmarkFile {
    /** The built-in benchmarks' names. */
    public static final List<String> BUILT_IN = List.of(
            "gsm8k",
            "math500",
            "aime24",
            "aime25",
            "amc23",
            "minerva",
            "olympiadbench",
            "gpqa-diamond",
            "livecodebench-v2");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What the file may leave out is null here. */
    private record Written(
            @Nullable String name,
            @Nullable String title,
            @Nullable String about,
            @Nullable Fields fields,
            Benchmark.@Nullable ChoiceFields choices,
            @Nullable String prompt,
            Benchmark.@Nullable Grading grading,
            @Nullable Double tolerance,
            @Nullable Integer samples,
            @Nullable Integer quickSamples,
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer maxNewTokens,
            Benchmark.@Nullable Code code,
            Benchmark.@Nullable Window window,
            @Nullable List<Figure> published) {}

    private record Figure(
            @Nullable String model,
            @Nullable Double accuracy,
            @Nullable String source) {
        Published of(String benchmark) {
            return new Published(
                    benchmark,
                    required(model, "published.model"),
                    accuracy == null ? Double.NaN : accuracy,
                    required(source, "published.source"));
        }
    }

    /** What a file of figures holds. */
    private record Row(
            @Nullable String benchmark,
            @Nullable String model,
            @Nullable Double accuracy,
            @Nullable String source) {}

    private BenchmarkFile() {}

    /** @param nameOrFile a built-in name, or the path of a benchmark file */
    public static Benchmark load(String nameOrFile) {
        if (BUILT_IN.contains(nameOrFile)) {
            return read(builtIn(nameOrFile), "benchmark " + nameOrFile);
        }
        try {
            return read(Files.readString(Path.of(nameOrFile)), nameOrFile);
        } catch (IOException e) {
            throw new InputException(
                    "benchmark " + nameOrFile + ": neither a file that can be read (" + InputException.reason(e)
                            + ") nor one of " + String.join(", ", BUILT_IN),
                    e);
        }
    }

    /** The text of a built-in benchmark file, for users to copy. */
    public static String builtIn(String name) {
        try (InputStream in = BenchmarkFile.class.getResourceAsStream(name + ".yaml")) {
            if (in == null) {
                throw new InputException(
                        "no built-in benchmark \"" + name + "\"; there are " + String.join(", ", BUILT_IN));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InputException("benchmark " + name + ": cannot be read (" + InputException.reason(e) + ")", e);
        }
    }

    /** Figures of one's own: a YAML list of {@code {benchmark, model, accuracy, source}}. */
    public static List<Published> published(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
        return told(
                file.toString(),
                () -> Stream.of(YAML.readValue(text, Row[].class))
                        .map(row -> new Figure(row.model, row.accuracy, row.source)
                                .of(required(row.benchmark, "benchmark")))
                        .toList());
    }

    private static Benchmark read(String text, String where) {
        return told(where, () -> benchmark(YAML.readValue(text, Written.class)));
    }

    private static Benchmark benchmark(Written file) {
        int samples = file.samples == null ? 1 : file.samples;
        return new Benchmark(
                required(file.name, "name"),
                file.title == null ? required(file.name, "name") : file.title,
                file.about == null ? "" : file.about,
                file.fields,
                file.choices,
                required(file.prompt, "prompt"),
                file.grading == null ? Benchmark.Grading.MATH : file.grading,
                file.tolerance == null ? 0 : file.tolerance,
                samples,
                file.quickSamples == null ? samples : file.quickSamples,
                file.temperature == null ? Benchmark.TEMPERATURE : file.temperature,
                file.topP == null ? Benchmark.TOP_P : file.topP,
                file.maxNewTokens == null ? Benchmark.MAX_NEW_TOKENS : file.maxNewTokens,
                file.code,
                file.window,
                file.published == null
                        ? List.of()
                        : file.published.stream()
                                .map(figure -> figure.of(required(file.name, "name")))
                                .toList());
    }

    /** Mistakes in a file, told with their place. */
    private static <T> T told(String where, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UnrecognizedPropertyException e) {
            throw new InputException(
                    where + ": unknown key \"" + e.getPropertyName() + "\"; there are " + e.getKnownPropertyIds(), e);
        } catch (MismatchedInputException e) {
            String key = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."));
            String what = key.isEmpty()
                    ? "what stands here is laid out otherwise"
                    : "the value of \"" + key + "\" is of another kind";
            throw new InputException(where + line(e) + ": " + what + " than is read here", e);
        } catch (JacksonException e) {
            String message =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new InputException(where + line(e) + ": " + message, e);
        } catch (InputException e) {
            throw new InputException(where + ": " + e.getMessage(), e);
        }
    }

    private static String line(JacksonException e) {
        return e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? ""
                : ":" + e.getLocation().getLineNr();
    }

    private static String required(@Nullable String value, String key) {
        if (value == null || value.isBlank()) {
            throw new InputException("the key \"" + key + "\" is missing");
        }
        return value;
    }
}
