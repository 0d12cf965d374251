package cogent.model.hub;

import cogent.model.gguf.Pieces;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a repository: {@code hf://org/name/model-Q8_0.gguf}, {@code hf://org/name@v1.0/model-Q8_0.gguf},
 * {@code hf://datasets/org/name/data/train.jsonl.gz}.
 */
public record HubFile(HubRepo repo, String file) {
    private static final Pattern NAME = Pattern.compile(
            "hf://([\\w.-]+/[\\w.-]+)(?:@" + HubRepo.REVISION + ")?/([^\\s@]+\\.gguf)", Pattern.CASE_INSENSITIVE);

    private static final Pattern ROWS = Pattern.compile("hf://datasets/([^/@]+/[^/@]+)(?:@" + HubRepo.REVISION
            + ")?/([^@]+\\.(?:parquet|jsonl|ndjson|json|csv|tsv)(?:\\.(?:gz|zst|bz2|xz))?)");

    /** A file by the name that people write; empty when the text is none. */
    public static Optional<HubFile> gguf(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? HubRepo.model(name.group(1) + "@" + Objects.requireNonNullElse(name.group(2), HubRepo.MAIN))
                        .map(repo -> new HubFile(repo, name.group(3)))
                : Optional.empty();
    }

    /** A file of rows in a dataset's repository by its name; empty when the text is none. */
    public static Optional<HubFile> rows(String text) {
        Matcher name = ROWS.matcher(text);
        return name.matches()
                ? Optional.of(new HubFile(HubRepo.dataset(name.group(1), name.group(2)), name.group(3)))
                : Optional.empty();
    }

    /** It and the other pieces of its model, where its name says that there are some; the first is what is read. */
    List<String> pieces() {
        return Pieces.of(file);
    }

    @Override
    public String toString() {
        return "hf://" + (repo.kind() == HubRepo.Kind.DATASET ? "datasets/" : "") + repo + "/" + file;
    }
}
