package cogent.pipeline.run;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.pipeline.result.StageResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a finished stage was made of. A stage whose manifest still matches its inputs, settings and the software version
 * is not run again.
 *
 * @param inputs file to SHA-256 of its contents
 * @param seconds wall time of the work
 * @param result what the stage came to
 * @param from the run that did the work, where the outputs were taken over from it
 */
public record Manifest(
        String stage,
        String version,
        JsonNode settings,
        TreeMap<String, String> inputs,
        double seconds,
        String finished,
        StageResult result,
        @Nullable String from) {

    /** Changed settings that are named one by one. */
    private static final int NAMED = 4;

    private static final Pattern OF_A_MODEL =
            Pattern.compile("[^.].*\\.(?:safetensors|json|jinja|model)|merges\\.txt|vocab\\.txt|SHA256SUMS");

    private static final Map<Seen, String> HASHES = new ConcurrentHashMap<>();

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * The manifest in a file; empty when there is none, or what is there cannot be read.
     *
     * @throws InputException when an earlier version of Cogent wrote it
     */
    public static Optional<Manifest> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            if (json.has("summary") && !json.has("result")) {
                throw new InputException(file
                        + " was written by an earlier version of Cogent, whose results this one does"
                        + " not read: keep that run for that version and give this one another name, or remove the folder "
                        + file.getParent() + " to have every stage run again (stored replies are not paid for again)");
            }
            return Optional.of(JSON.treeToValue(json, Manifest.class));
        } catch (IOException | JacksonException e) {
            return Optional.empty(); // a manifest that cannot be read proves nothing: the stage runs again
        }
    }

    public void write(Path file) {
        AtomicFile.write(file, JSON.writeValueAsBytes(this));
    }

    /** From now on the stage is not done, whatever its outputs. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be removed", e);
        }
    }

    /** What has changed since, so that the stage would make other outputs now; empty when nothing has. */
    public Optional<String> change(Stage now) {
        if (!version.equals(Version.NUMBER)) {
            return Optional.of("made by Cogent " + version);
        }
        Optional<String> other = change(settings, inputs, now);
        return other.isPresent()
                ? other
                : now.outputs().stream()
                        .filter(output -> !Files.exists(output))
                        .map(output -> output + " is gone")
                        .findFirst()
                        .or(now::leftOpen);
    }

    /**
     * What has changed for a stage since it was begun; empty when nothing has.
     *
     * @param settings as they were
     * @param inputs as they were, file to SHA-256 of its contents
     */
    public static Optional<String> change(JsonNode settings, Map<String, String> inputs, Stage now) {
        JsonNode wanted = written(now.settings());
        if (!settings.equals(wanted)) {
            List<String> keys = new ArrayList<>();
            differences(settings, wanted, "", keys);
            return Optional.of(
                    keys.size() > NAMED ? keys.size() + " settings changed" : String.join(", ", keys) + " changed");
        }
        TreeMap<String, String> hashes = hashes(now.inputs());
        return contents(inputs).equals(contents(hashes))
                ? Optional.empty()
                : Optional.of(hashes.entrySet().stream()
                        .filter(input -> !inputs.containsValue(input.getValue()))
                        .map(input -> Path.of(input.getKey()).getFileName() + " changed")
                        .findFirst()
                        .orElse("its input files changed"));
    }

    /** The keys whose values differ, as {@code corpus.clean.languages}. */
    private static void differences(JsonNode then, JsonNode now, String at, List<String> keys) {
        if (then.equals(now)) {
            return;
        }
        if (!then.isObject() || !now.isObject()) {
            keys.add(at);
            return;
        }
        Set<String> names = new LinkedHashSet<>(then.propertyNames());
        names.addAll(now.propertyNames());
        names.forEach(
                name -> differences(then.path(name), now.path(name), at.isEmpty() ? name : at + "." + name, keys));
    }

    /** The contents by file name, wherever the folder lies that holds them: moving or renaming it changes no result. */
    public static List<String> contents(Map<String, String> inputs) {
        return inputs.entrySet().stream()
                .map(input -> Path.of(input.getKey()).getFileName() + " " + input.getValue())
                .sorted()
                .toList();
    }

    /** Whether the stage would work with the same settings now; compared as written, where 7 is 7 of whatever type. */
    public boolean sameSettings(Stage now) {
        return settings.equals(written(now.settings()));
    }

    private static JsonNode written(JsonNode settings) {
        return JSON.readTree(JSON.writeValueAsBytes(settings));
    }

    /**
     * SHA-256 of every file under the paths, by path; of a model's directory what a model is read from. Its card, its
     * licence and what desktops leave in folders are edited and added, and change no result.
     */
    public static TreeMap<String, String> hashes(List<Path> paths) {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new InputException(path + ": no such file or folder");
            }
            try (Stream<Path> files = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
                boolean model = Files.exists(path.resolve("config.json"));
                files.filter(Files::isRegularFile)
                        .filter(file -> model ? isRead(path, file) : file.equals(path) || !isCard(file))
                        .forEach(f -> hashes.put(f.toString(), sha256(f)));
            } catch (IOException e) {
                throw InputException.unreadable(path, e);
            }
        }
        return hashes;
    }

    private static boolean isRead(Path model, Path file) {
        return model.equals(file.getParent())
                && OF_A_MODEL.matcher(file.getFileName().toString()).matches();
    }

    private static boolean isCard(Path file) {
        return file.getFileName().toString().equals("README.md");
    }

    /** Large weights are read once a process for as long as nobody touches them. */
    private static String sha256(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Seen seen = new Seen(file.toRealPath(), now.size(), now.lastModifiedTime(), String.valueOf(now.fileKey()));
            return HASHES.computeIfAbsent(seen, _ -> Sha256.hex(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /** A file as it was when it was read. */
    private record Seen(Path file, long size, FileTime modified, String key) {}
}
