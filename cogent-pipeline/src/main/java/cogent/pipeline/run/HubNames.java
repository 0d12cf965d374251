package cogent.pipeline.run;

import cogent.data.InputException;
import cogent.data.file.JoinedRows;
import cogent.model.hub.Hub;
import cogent.model.hub.HubFile;
import cogent.model.hub.HubProgress;
import cogent.model.hub.HubRepo;
import cogent.model.hub.HubSettings;
import cogent.model.hub.HubSplit;
import cogent.pipeline.recipe.Recipe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What recipes name where a path could stand: a model of the hub ({@code Qwen/Qwen2.5-0.5B-Instruct},
 * {@code org/name@v1.0}) or a split of a dataset ({@code hf://datasets/openai/gsm8k/main/train}). A file or folder that is
 * there comes first.
 */
public final class HubNames {
    /** No name of a file on Windows has such a sign, and few elsewhere. */
    private static final Pattern PATTERN = Pattern.compile("[*?]");

    private final Hub hub;
    private final Path joined;

    /** @param joined where the parts of a split are kept as one file */
    HubNames(Hub hub, Path joined) {
        this.hub = hub;
        this.joined = joined;
    }

    /** As this process's environment has the hub and its cache. */
    public static HubNames ofEnvironment() {
        return new HubNames(
                new Hub(HubSettings.ofEnvironment()), ImportedGguf.userCache().resolve("splits"));
    }

    /**
     * The directory of a model that is given by path, as a GGUF file, or by name; nothing is fetched.
     *
     * @throws InputException when it is a name that the cache does not hold
     */
    public Path model(String given) {
        return model(given, HubProgress.SILENT);
    }

    /** @param progress told of what a GGUF file is made into */
    public Path model(String given, HubProgress progress) {
        Path path = path(given);
        if (ImportedGguf.is(path)) {
            return gguf(path, progress);
        }
        if (Files.isRegularFile(path)) {
            throw new InputException(
                    given + ": a file, and no GGUF file: a model is one, or a directory with a config.json");
        }
        if (Files.exists(path)) {
            return path;
        }
        Optional<HubFile> file = HubFile.gguf(given);
        if (file.isPresent()) {
            return gguf(hub.cachedFile(file.get()).orElseThrow(() -> neverFetched(given)), progress);
        }
        Optional<HubRepo> name = HubRepo.model(given);
        return name.isEmpty() ? path : hub.cachedModel(name.get()).orElseThrow(() -> neverFetched(given));
    }

    private static InputException neverFetched(String given) {
        return new InputException(given + ": no such folder, and no model in the cache of the hub. `cogent pull "
                + given + "` fetches it, and so does `cogent run`");
    }

    private static Path gguf(Path file, HubProgress progress) {
        return ImportedGguf.ofEnvironment()
                .directory(file, done -> progress.moved(file.getFileName().toString(), done, 0));
    }

    /**
     * The file that is given by path or as a split of a dataset; several that a pattern of names fits, such as
     * {@code data/train-*.parquet}, become one.
     *
     * @throws InputException when it is a dataset that cannot be had, or nothing fits the pattern
     */
    public Path data(String given) {
        return data(given, HubProgress.SILENT);
    }

    private Path data(String given, HubProgress progress) {
        if (!given.startsWith("hf://")) {
            return PATTERN.matcher(given).find() && !Files.exists(path(given)) ? joined(fitting(given)) : path(given);
        }
        Optional<HubFile> file = HubFile.rows(given);
        if (file.isPresent()) {
            return hub.file(file.get(), progress);
        }
        HubSplit split = HubSplit.of(given).orElseThrow(() -> noSplit(given));
        return joined(hub.dataset(split, progress));
    }

    private Path joined(List<Path> parts) {
        return parts.size() == 1 ? parts.getFirst() : JoinedRows.of(parts, joined);
    }

    /** Whether there is a file or folder of that name, or files that fit the pattern. */
    public static boolean isThere(String given) {
        try {
            return Files.exists(path(given))
                    || (PATTERN.matcher(given).find() && !fitting(given).isEmpty());
        } catch (InputException e) {
            return false;
        }
    }

    private static List<Path> fitting(String pattern) {
        int folder = pattern.lastIndexOf('/') + 1;
        Path in = Path.of(folder == 0 ? "." : pattern.substring(0, folder));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(in, pattern.substring(folder))) {
            List<Path> fitting = StreamSupport.stream(files.spliterator(), false)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (fitting.isEmpty()) {
                throw new InputException(pattern + ": no file of such a name");
            }
            return fitting;
        } catch (NoSuchFileException | NotDirectoryException | PatternSyntaxException e) {
            throw new InputException(pattern + ": no file of such a name; a pattern stands for files of one folder", e);
        } catch (IOException e) {
            throw InputException.unreadable(in, e);
        }
    }

    private InputException noSplit(String given) {
        return new InputException("\"" + given
                + "\" names no split of a dataset: hf://datasets/OWNER/NAME/CONFIGURATION/SPLIT does, as"
                + " hf://datasets/openai/gsm8k/main/train"
                + HubSplit.dataset(given)
                        .filter(_ -> hub.asks())
                        .map(dataset -> ". " + hub.contents(dataset))
                        .orElse(""));
    }

    private static Path path(String given) {
        return Path.of(given.startsWith("hf://") ? given.substring("hf://".length()) : given);
    }

    /**
     * Fetches what a recipe names and the cache lacks.
     *
     * @param withModels whether models are fetched, or data alone
     */
    public void fetch(Recipe recipe, boolean withModels, PipelineListener listener) {
        List<String> models = Stream.of(
                        recipe.student().model(),
                        recipe.curate().critic().student(),
                        recipe.sft().select().student(),
                        recipe.distil().teacher())
                .filter(given -> withModels && given != null)
                .toList();
        HubProgress progress = told(listener);
        for (String given : models) {
            Optional<HubFile> file = HubFile.gguf(given);
            if (file.isPresent()) {
                gguf(hub.file(file.get(), progress), progress);
            } else if (ImportedGguf.is(path(given))) {
                gguf(path(given), progress);
            } else if (!Files.exists(path(given))) {
                HubRepo.model(given).ifPresent(repo -> hub.model(repo, progress));
            }
        }
        Stream.concat(
                        Stream.of(
                                recipe.corpus().path(),
                                recipe.sft().rows(),
                                recipe.align().rows()),
                        recipe.evaluate().data().values().stream())
                .filter(Objects::nonNull)
                .filter(given -> given.startsWith("hf://"))
                .forEach(given -> data(given, progress));
    }

    private static HubProgress told(PipelineListener listener) {
        return (file, done, total) -> listener.on(new PipelineEvent.StageProgress(
                "fetch", done >> 20, Math.max(0, total) >> 20, "MiB", new StageDetail.Fetching(file)));
    }
}
