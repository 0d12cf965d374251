package cogent.pipeline.run;

import cogent.data.InputException;
import cogent.model.hub.Hub;
import cogent.model.hub.HubProgress;
import cogent.model.hub.HubRepo;
import cogent.model.hub.HubSettings;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What recipes name where a path could stand: a model of the hub ({@code Qwen/Qwen2.5-0.5B-Instruct},
 * {@code org/name@v1.0}) or a split of a dataset ({@code hf://datasets/openai/gsm8k/main/train}). A file or folder that is
 * there comes first.
 */
public final class HubNames {
    private static final Pattern DATASET =
            Pattern.compile("hf://datasets/([^/@]+/[^/@]+)(?:@([\\w.-]+))?/([^/]+)/([^/]+)");

    private final Hub hub;

    HubNames(Hub hub) {
        this.hub = hub;
    }

    /** As this process's environment has the hub and its cache. */
    public static HubNames ofEnvironment() {
        return new HubNames(new Hub(HubSettings.ofEnvironment()));
    }

    /**
     * The directory of a model that is given by path, as a GGUF file, or by name; nothing is fetched.
     *
     * @throws InputException when it is a name that the cache does not hold
     */
    public Path model(String given) {
        Path path = path(given);
        if (ImportedGguf.is(path)) {
            return ImportedGguf.ofEnvironment().directory(path, _ -> {});
        }
        if (Files.exists(path)) {
            return path;
        }
        Optional<HubRepo> name = HubRepo.model(given);
        return name.isEmpty()
                ? path
                : hub.cachedModel(name.get())
                        .orElseThrow(
                                () -> new InputException(given + ": no such folder, and no model in the cache of the"
                                        + " hub. `cogent pull " + given + "` fetches it, and so does `cogent run`"));
    }

    /**
     * The file that is given by path or as a split of a dataset.
     *
     * @throws InputException when it is a dataset that cannot be had, or lies in several files
     */
    public Path data(String given) {
        return data(given, HubProgress.SILENT);
    }

    private Path data(String given, HubProgress progress) {
        if (!given.startsWith("hf://")) {
            return path(given);
        }
        Matcher name = DATASET.matcher(given);
        if (!name.matches()) {
            throw new InputException(
                    "\"" + given + "\" names no split of a dataset: hf://datasets/OWNER/NAME/CONFIGURATION/SPLIT"
                            + " does, as hf://datasets/openai/gsm8k/main/train");
        }
        String revision = Objects.requireNonNullElse(name.group(2), HubRepo.MAIN);
        List<Path> parts = hub.dataset(
                new HubRepo(HubRepo.Kind.DATASET, name.group(1), revision), name.group(3), name.group(4), progress);
        if (parts.size() > 1) {
            throw new InputException(given + " lies in " + parts.size() + " files, and one is read at a time: "
                    + parts.getFirst() + " is the first");
        }
        return parts.getFirst();
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
        models.stream()
                .filter(given -> !Files.exists(path(given)))
                .flatMap(given -> HubRepo.model(given).stream())
                .forEach(repo -> hub.model(repo, told(listener)));
        models.stream()
                .map(HubNames::path)
                .filter(ImportedGguf::is)
                .forEach(file -> ImportedGguf.ofEnvironment()
                        .directory(
                                file,
                                done -> told(listener).moved(file.getFileName().toString(), done, 0)));
        Stream.concat(
                        Stream.of(
                                recipe.corpus().path(),
                                recipe.sft().rows(),
                                recipe.align().rows()),
                        recipe.evaluate().data().values().stream())
                .filter(Objects::nonNull)
                .filter(given -> given.startsWith("hf://"))
                .forEach(given -> data(given, told(listener)));
    }

    private static HubProgress told(PipelineListener listener) {
        return (file, done, total) -> listener.on(new PipelineEvent.StageProgress(
                "fetch", done >> 20, Math.max(0, total) >> 20, "MiB", new StageDetail.Fetching(file)));
    }
}
