package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models and datasets by name, as everywhere in this field: from the cache that Python tools share, else from the hub
 * into that cache.
 *
 * <pre>{@code
 * Hub hub = new Hub(HubSettings.ofEnvironment());
 * Path directory = hub.model(HubRepo.model("Qwen/Qwen2.5-0.5B-Instruct").orElseThrow(), HubProgress.SILENT);
 * }</pre>
 */
public final class Hub {
    /** Files of a model that Cogent reads, or that people expect beside them. */
    private static final Pattern MODEL_FILES = Pattern.compile("(?:config|generation_config|tokenizer|tokenizer_config"
            + "|special_tokens_map|added_tokens|vocab|chat_template|adapter_config|preprocessor_config)\\.json"
            + "|chat_template\\.jinja|additional_chat_templates/[^/]+\\.jinja|merges\\.txt|tokenizer\\.model|README\\.md|LICENSE[^/]*|NOTICE[^/]*"
            + "|(?:model|adapter_model)(?:\\.safetensors)?(?:-\\d+-of-\\d+)?\\.safetensors"
            + "|model\\.safetensors\\.index\\.json");

    /** So many of a dataset's splits or files are named. */
    private static final int NAMED = 12;

    /** A file that says of how many it is one. */
    private static final Pattern NUMBERED = Pattern.compile(".*-\\d+-of-(\\d+)\\.parquet");

    private final HubSettings settings;
    private final HubFetch fetch;

    public Hub(HubSettings settings) {
        this.settings = settings;
        this.fetch = new HubFetch(settings);
    }

    /** Whether the hub may be asked. */
    public boolean asks() {
        return !settings.offline();
    }

    /**
     * The directory of a model: the cache's where it is there whole, without asking the hub; else fetched.
     *
     * @throws InputException when it cannot be had, with what to do
     */
    public Path model(HubRepo repo, HubProgress progress) {
        Optional<Path> cached = cachedModel(repo);
        boolean tokenizer = cached.filter(directory -> Files.exists(directory.resolve("tokenizer.json")))
                .isPresent(); // other tools may have fetched the weights alone
        if (cached.isPresent() && (tokenizer || settings.offline())) {
            return cached.get();
        }
        try {
            return pull(repo, progress);
        } catch (InputException e) {
            if (cached.isPresent() && e.getCause() instanceof HubUnreachable) {
                return cached.get();
            }
            throw e;
        }
    }

    /** A model whose config and weights the cache holds, at the commit that its revision was at when it was fetched. */
    public Optional<Path> cachedModel(HubRepo repo) {
        HubCache cache = HubCache.of(settings, repo);
        return cache.commit(repo.revision()).map(cache::snapshot).filter(Hub::hasConfigAndWeights);
    }

    /** Fetches a model at the commit that its revision is at now: only what is missing. */
    public Path pull(HubRepo repo, HubProgress progress) {
        Optional<Path> cached = settings.offline() ? cachedModel(repo) : Optional.empty();
        if (cached.isPresent()) {
            return cached.get();
        }
        Path directory = fetch.files(repo, file -> MODEL_FILES.matcher(file).matches(), progress);
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new InputException(repo + " has no config.json: " + instead(repo, directory));
        }
        if (!hasWeights(directory)) {
            throw new InputException(repo
                    + (Files.exists(directory.resolve("model.safetensors.index.json"))
                            ? " lacks files of weights that its model.safetensors.index.json names"
                            : " has no safetensors: its weights are in an older format, which can run code when read")
                    + ". Look for a revision or a copy of it with model.safetensors");
        }
        return directory;
    }

    /** What a repository is that is no model of transformers. */
    private String instead(HubRepo repo, Path directory) {
        if (Files.exists(directory.resolve("adapter_config.json"))) {
            return "it is an adapter, which lies in " + directory + " now. Name the model that it was trained on, and"
                    + " that folder as --adapter";
        }
        List<String> files = ggufs(repo);
        return "it is no model of transformers"
                + (files.isEmpty()
                        ? ". Is it the right name?"
                        : ". It has GGUF files: name one, as " + new HubFile(repo, files.getFirst())
                                + (files.size() == 1
                                        ? ""
                                        : " (others: " + String.join(", ", files.subList(1, files.size())) + ")"));
    }

    /**
     * A GGUF file of a repository, or a file of rows: the cache's where it is there, else fetched.
     *
     * @throws InputException when it cannot be had, with what to do
     */
    public Path file(HubFile named, HubProgress progress) {
        return cachedFile(named).orElseGet(() -> pull(named, progress));
    }

    /** A file that the cache holds, at the commit that its revision was at when it was fetched. */
    public Optional<Path> cachedFile(HubFile named) {
        HubCache cache = HubCache.of(settings, named.repo());
        return cache.commit(named.repo().revision())
                .map(cache::snapshot)
                .filter(snapshot -> missing(named, snapshot).isEmpty())
                .map(snapshot -> snapshot.resolve(named.file()));
    }

    /** Fetches a file at the commit that its revision is at now. */
    public Path pull(HubFile named, HubProgress progress) {
        Optional<Path> cached = settings.offline() ? cachedFile(named) : Optional.empty();
        if (cached.isPresent()) {
            return cached.get();
        }
        Path snapshot = fetch.files(named.repo(), named.pieces()::contains, progress);
        List<String> missing = missing(named, snapshot);
        if (!missing.isEmpty()) {
            if (named.repo().kind() == HubRepo.Kind.DATASET) {
                throw new InputException(named + ": the hub has no such file. " + contents(named.repo()));
            }
            List<String> others = ggufs(named.repo());
            throw new InputException(named + ": the hub has no "
                    + (missing.contains(named.file()) ? "such file" : missing.getFirst() + ", a piece of it")
                    + (others.isEmpty() ? "" : ". Of this kind are there: " + String.join(", ", others)));
        }
        return snapshot.resolve(named.file());
    }

    private static List<String> missing(HubFile named, Path snapshot) {
        return named.pieces().stream()
                .filter(piece -> !Files.isRegularFile(snapshot.resolve(piece)))
                .toList();
    }

    /**
     * The files of a split, in order: those that the repository's card names, else those that it holds under the hub's
     * conventions, else the Parquet that the hub has made of it; the cache's where they are there whole, else fetched.
     *
     * @throws InputException when they cannot be had, with what to do
     */
    public List<Path> dataset(HubSplit split, HubProgress progress) {
        List<Path> cached = cached(split);
        return cached.isEmpty() ? pull(split, progress) : cached;
    }

    private List<Path> cached(HubSplit split) {
        HubCache cache = HubCache.of(settings, split.repo());
        List<Path> own = cached(
                split.repo(),
                cache.commit(split.repo().revision())
                        .map(commit -> own(split, cache.snapshot(commit)))
                        .orElse(matching(split.own())));
        return own.isEmpty()
                ? split.conversion()
                        .map(repo -> cached(repo, matching(split.converted())))
                        .orElse(List.of())
                : own;
    }

    /** Fetches a split at the commit that its revision is at now: only what is missing. */
    public List<Path> pull(HubSplit split, HubProgress progress) {
        List<Path> cached = settings.offline() ? cached(split) : List.of();
        if (!cached.isEmpty()) {
            return cached;
        }
        Predicate<String> files = own(split, fetch.files(split.repo(), HubCard.FILE::equals, progress));
        List<Path> own = parts(fetch.files(split.repo(), files, progress), files);
        if (!own.isEmpty()) {
            return own;
        }
        Optional<HubRepo> conversion = split.conversion().filter(fetch::exists);
        if (conversion.isPresent()) {
            Predicate<String> converted = matching(split.converted());
            List<Path> made = parts(fetch.files(conversion.get(), converted, progress), converted);
            if (!made.isEmpty()) {
                return made;
            }
        }
        throw new InputException(split + ": no Parquet file is there for configuration \"" + split.configuration()
                + "\" and split \"" + split.split() + "\", and README.md names none. " + contents(split.repo()));
    }

    /** What a dataset has that can be named: its splits where the hub has looked into it, else its files of rows. */
    public String contents(HubRepo dataset) {
        List<String> splits = HubSplit.conversion(dataset)
                .filter(fetch::exists)
                .map(made -> HubSplit.made(dataset, fetch.names(made)))
                .orElse(List.of());
        List<String> named = splits.isEmpty()
                ? fetch.names(dataset).stream()
                        .map(file -> "hf://datasets/" + dataset + "/" + file)
                        .filter(name -> HubFile.rows(name).isPresent())
                        .toList()
                : splits;
        return named.isEmpty()
                ? dataset.id() + " has no file of rows"
                : "There " + (named.size() == 1 ? "is " : "are ")
                        + String.join(", ", named.subList(0, Math.min(NAMED, named.size())))
                        + (named.size() > NAMED ? " and " + (named.size() - NAMED) + " more" : "");
    }

    private static Predicate<String> own(HubSplit split, Path snapshot) {
        return HubCard.of(snapshot).files(split).orElse(matching(split.own()));
    }

    private static Predicate<String> matching(Pattern files) {
        return file -> files.matcher(file).matches();
    }

    /** What the cache holds of a split; nothing where a file says that others belong to it and are missing. */
    private List<Path> cached(HubRepo repo, Predicate<String> files) {
        HubCache cache = HubCache.of(settings, repo);
        List<Path> parts = cache.commit(repo.revision())
                .map(cache::snapshot)
                .map(snapshot -> parts(snapshot, files))
                .orElse(List.of());
        boolean whole = parts.stream()
                .map(part -> NUMBERED.matcher(part.toString()))
                .allMatch(name -> !name.matches() || Integer.parseInt(name.group(1)) == parts.size());
        return whole ? parts : List.of();
    }

    private static List<Path> parts(Path snapshot, Predicate<String> files) {
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(snapshot)) {
            return all.filter(path ->
                            files.test(snapshot.relativize(path).toString().replace('\\', '/')))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException(snapshot + ": cannot be listed: " + InputException.reason(e), e);
        }
    }

    private static boolean hasConfigAndWeights(Path directory) {
        return Files.exists(directory.resolve("config.json")) && hasWeights(directory);
    }

    private static boolean hasWeights(Path directory) {
        Path index = directory.resolve("model.safetensors.index.json");
        if (!Files.exists(index)) {
            return Files.exists(directory.resolve("model.safetensors"));
        }
        try {
            return JsonMapper.shared()
                    .readTree(Files.readString(index))
                    .path("weight_map")
                    .valueStream()
                    .map(JsonNode::asString)
                    .distinct()
                    .allMatch(shard -> Files.exists(directory.resolve(shard)));
        } catch (IOException | JacksonException e) {
            return false;
        }
    }

    private List<String> ggufs(HubRepo repo) {
        return fetch.names(repo).stream().filter(file -> file.endsWith(".gguf")).toList();
    }
}
