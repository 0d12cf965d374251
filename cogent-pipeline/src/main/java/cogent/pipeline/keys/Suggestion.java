package cogent.pipeline.keys;

import cogent.pipeline.keys.ValueKind.Keys;
import cogent.pipeline.keys.ValueKind.Placed;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What somebody meant by a key that there is not: one that stands elsewhere, another tool's name, a slip of the pen. */
final class Suggestion {
    private static final int AT_MOST = 3;

    private Suggestion() {}

    /**
     * Ends the sentence that names the unknown key.
     *
     * @param here the section that it was given in
     * @param prefix of the paths of its keys
     */
    static String of(String name, Keys here, String prefix, Keys root) {
        List<Placed> near = here.all()
                .map(key -> new Placed(prefix + key.path(), key.part()))
                .toList();
        List<Placed> all = root.all().toList();
        List<Placed> same = same(name, near).isEmpty() ? same(name, all) : same(name, near);
        if (!same.isEmpty()) {
            return same.stream()
                    .limit(AT_MOST)
                    .map(key -> key.path() + " (" + key.part().doc() + ")")
                    .collect(Collectors.joining(" or ", ": here it is ", ""));
        }
        return Nearest.to(
                        prefix + name,
                        Stream.concat(near.stream(), all.stream())
                                .map(Placed::path)
                                .toList())
                .map(k -> ". Did you mean \"" + k + "\"?")
                .orElse("; the keys stand in the recipe reference, `cogent recipe`");
    }

    private static List<Placed> same(String name, List<Placed> keys) {
        return keys.stream()
                .filter(key ->
                        key.part().name().equals(name) || key.part().aka().contains(name))
                .toList();
    }
}
