package cogent.model.hub;

import cogent.data.InputException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository of the hub at a revision: {@code Qwen/Qwen2.5-0.5B-Instruct}, {@code org/name@v1.0}.
 *
 * @param id {@code owner/name}, or the bare name of one of the hub's oldest repositories
 * @param revision branch, tag or commit
 */
public record HubRepo(Kind kind, String id, String revision) {
    /** What a repository holds. */
    public enum Kind {
        MODEL,
        DATASET;

        /** As the hub's addresses have it: {@code models}, {@code datasets}. */
        String plural() {
            return name().toLowerCase(Locale.ROOT) + "s";
        }
    }

    /** The branch that everything is on unless a revision is named. */
    public static final String MAIN = "main";

    /** A revision where a path follows, in a group: slashes are of the hub's own references alone. */
    static final String REVISION = "(refs/(?:pr|convert)/[\\w.-]+|[\\w.-]+)";

    private static final String PART = "[A-Za-z0-9](?:[\\w.-]*\\w)?";
    private static final Pattern NAME = Pattern.compile(
            "(?:hf://)?(" + PART + "/" + PART + ")(?:@([\\w./-]+))?|hf://(" + PART + ")(?:@([\\w./-]+))?");

    public HubRepo {
        if (!id.matches(PART + "(?:/" + PART + ")?")) {
            throw new InputException("\"" + id + "\" is no name of the hub: owner/name is one");
        }
        if (revision.contains("..") || revision.startsWith("/") || revision.endsWith("/")) {
            throw new InputException("\"" + revision + "\" is no revision: a branch, a tag or a commit is one");
        }
    }

    /** A model by the name that people write; empty when the text can be none. */
    public static Optional<HubRepo> model(String text) {
        Matcher name = NAME.matcher(text);
        if (!name.matches()) {
            return Optional.empty();
        }
        boolean owned = name.group(1) != null;
        String revision = name.group(owned ? 2 : 4);
        return Optional.of(new HubRepo(Kind.MODEL, name.group(owned ? 1 : 3), revision == null ? MAIN : revision));
    }

    /** A dataset at a revision, or on its main branch. */
    static HubRepo dataset(String id, @Nullable String revision) {
        return new HubRepo(Kind.DATASET, id, revision == null ? MAIN : revision);
    }

    /** Its folder in the cache, as {@code huggingface_hub} names it: {@code models--org--name}. */
    String folder() {
        return kind.plural() + "--" + id.replace("/", "--");
    }

    /** The same repository at another revision. */
    HubRepo at(String other) {
        return new HubRepo(kind, id, other);
    }

    @Override
    public String toString() {
        return id + (revision.equals(MAIN) ? "" : "@" + revision);
    }
}
