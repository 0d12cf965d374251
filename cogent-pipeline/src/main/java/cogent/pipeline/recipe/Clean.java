package cogent.pipeline.recipe;

import static cogent.pipeline.recipe.Recipe.require;

import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The recipe's part {@code corpus.clean}: which rows are left out before anything is made of them. */
public record Clean(
        Evaluated evaluated,
        boolean nearDuplicates,
        boolean garble,
        @Nullable String script,
        List<String> languages,
        int minCharacters,
        int maxCharacters) {
    /** What becomes of rows whose problem stands in an evaluation set. */
    public enum Evaluated {
        REMOVE,
        /** They stay, and are named and counted. */
        FLAG,
        KEEP
    }

    public Clean {
        languages = List.copyOf(languages);
        require(
                script == null || parsed(script).isPresent(),
                "script is no Unicode script: " + script + ". There are for instance Latin, Han, Cyrillic, Devanagari");
        require(minCharacters >= 0, "min_characters cannot be negative");
        require(
                maxCharacters == 0 || maxCharacters >= Math.max(1, minCharacters),
                "max_characters must be 0, for no bound, or at least min_characters");
    }

    /** The script asked for; empty where none is. */
    public Optional<UnicodeScript> unicodeScript() {
        return script == null ? Optional.empty() : parsed(script);
    }

    private static Optional<UnicodeScript> parsed(String name) {
        try {
            return Optional.of(UnicodeScript.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
