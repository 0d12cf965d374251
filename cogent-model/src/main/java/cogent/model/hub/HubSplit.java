package cogent.model.hub;

import java.util.Objects;
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
            Pattern.compile("hf://datasets/([^/@]+/[^/@]+)(?:@([\\w.-]+))?/([^/]+)/([^/]+)");

    /** A split by the name that people write; empty when the text is none. */
    public static Optional<HubSplit> of(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? Optional.of(new HubSplit(
                        new HubRepo(
                                HubRepo.Kind.DATASET,
                                name.group(1),
                                Objects.requireNonNullElse(name.group(2), HubRepo.MAIN)),
                        name.group(3),
                        name.group(4)))
                : Optional.empty();
    }

    /** Its files in the repository: {@code CONFIG/SPLIT-00000-of-00001.parquet}, {@code data/SPLIT-…}. */
    Pattern own() {
        String folder = configuration.equals("default") ? "(?:default/|data/|)" : Pattern.quote(configuration) + "/";
        return Pattern.compile(folder + Pattern.quote(split) + "(?:-\\d+-of-\\d+)?(?:/[^/]+)?\\.parquet");
    }

    /** Its files among those that the hub has made of a repository. */
    Pattern converted() {
        return Pattern.compile(
                Pattern.quote(configuration) + "/(?:partial-)?" + Pattern.quote(split) + "/[^/]+\\.parquet");
    }

    /** What the hub has made; of the newest revision alone, which may not be the one that is asked for. */
    Optional<HubRepo> conversion() {
        return repo.revision().equals(HubRepo.MAIN) ? Optional.of(repo.at(CONVERTED)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "hf://datasets/" + repo + "/" + configuration + "/" + split;
    }
}
