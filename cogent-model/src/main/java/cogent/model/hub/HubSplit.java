package cogent.model.hub;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One split of a dataset: {@code hf://datasets/openai/gsm8k/main/train}, {@code hf://datasets/org/name@v1/default/test}.
 *
 * @param configuration such as {@code main} or {@code default}
 * @param split such as {@code train}
 */
public record HubSplit(HubRepo repo, String configuration, String split) {
    /** Where the hub keeps what it has converted. */
    private static final String CONVERTED = "refs/convert/parquet";

    private static final Pattern NAME =
            Pattern.compile("hf://datasets/([^/@]+/[^/@]+)(?:@" + HubRepo.REVISION + ")?/([^/]+)/([^/]+)");

    private static final Pattern DATASET =
            Pattern.compile("hf://datasets/([^/@]+/[^/@]+)(?:@" + HubRepo.REVISION + ")?(?:/.*)?");

    /** A split in what the hub has made of a repository. */
    private static final Pattern MADE = Pattern.compile("([^/]+)/([^/]+)/[^/]+\\.parquet");

    /** A split by the name that people write; empty when the text is none. */
    public static Optional<HubSplit> of(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? Optional.of(new HubSplit(HubRepo.dataset(name.group(1), name.group(2)), name.group(3), name.group(4)))
                : Optional.empty();
    }

    /** The dataset that a text names, whether or not it goes on to name one of its splits. */
    public static Optional<HubRepo> dataset(String text) {
        Matcher name = DATASET.matcher(text);
        return name.matches() ? Optional.of(HubRepo.dataset(name.group(1), name.group(2))) : Optional.empty();
    }

    /** The splits that files made by the hub are of, by their names. */
    static List<String> made(HubRepo repo, List<String> files) {
        return files.stream()
                .map(MADE::matcher)
                .filter(Matcher::matches)
                .map(file -> new HubSplit(repo, file.group(1), file.group(2)).toString())
                .distinct()
                .toList();
    }

    /** Its files in the repository: {@code CONFIG/SPLIT-00000-of-00001.parquet}, {@code data/SPLIT-…}. */
    Pattern own() {
        return own(configuration.equals("default") ? "(?:default/|data/|)" : Pattern.quote(configuration) + "/");
    }

    /** The same in a folder that the repository's card names. */
    Pattern in(String folder) {
        return own(Pattern.quote(folder));
    }

    private Pattern own(String folder) {
        return Pattern.compile(folder + Pattern.quote(split) + "(?:-\\d+-of-\\d+)?(?:/[^/]+)?\\.parquet");
    }

    /** Its files among those that the hub has made of a repository; of a large one only its beginning, as {@code partial-train}. */
    Pattern converted() {
        return Pattern.compile(Pattern.quote(configuration) + "/" + Pattern.quote(split) + "/[^/]+\\.parquet");
    }

    /** What the hub has made; of the newest revision alone, which may not be the one that is asked for. */
    Optional<HubRepo> conversion() {
        return conversion(repo);
    }

    static Optional<HubRepo> conversion(HubRepo repo) {
        return repo.revision().equals(HubRepo.MAIN) ? Optional.of(repo.at(CONVERTED)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "hf://datasets/" + repo + "/" + configuration + "/" + split;
    }
}
