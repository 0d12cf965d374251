package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which rows, and what of them, are left out before anything is made of them. */
public record CleanConfig(
        @Key(
                doc = "problems of the benchmarks under evaluate, told by half of the runs of eight words in common:"
                        + " remove, flag (they stay; flagged.jsonl, `show --sample` and the report name them), or keep."
                        + " Where evaluate.data is not there yet, `curate` warns and goes on, and does it once it is"
                        + " there",
                def = "remove")
        Evaluated evaluated,

        @Key(
                doc = "problems nearly those of an earlier row (MinHash; Jaccard of three-word runs about 0.9); off,"
                        + " since corpora may hold several rationales to a problem on purpose",
                def = "false")
        boolean nearDuplicates,

        @Key(
                doc = "GSM8K's <<48/2=24>> in rationales; false takes them out, since a student without a calculator"
                        + " learns to write noise",
                def = "false")
        boolean calculatorMarks,

        @Key(doc = "rationales with broken encoding, or ending in a loop", def = "true")
        boolean garble,

        @Key(
                doc = "[en]: rationales in none of these languages (ISO 639 codes), judged by their words, notation"
                        + " aside; where there are too few words to tell, they stay. [] = any",
                def = "[]")
        List<String> languages,

        @Key(
                doc = "Latin, Han, Cyrillic …: rationales whose letters are mostly of another Unicode script: quicker,"
                        + " but does not tell French from English",
                def = "null")
        @Nullable
        String script,

        @Key(doc = "of a rationale", def = "0", range = "[0,)")
        int minCharacters,

        @Key(doc = "0 = no bound", def = "0", range = "[0,)")
        int maxCharacters) {
    /** What becomes of rows whose problem stands in an evaluation set. */
    public enum Evaluated {
        REMOVE,
        /** They stay, and are named and counted. */
        FLAG,
        KEEP
    }

    public CleanConfig {
        require(
                script == null || parsed(script).isPresent(),
                "script is no Unicode script: " + script + ". There are for instance Latin, Han, Cyrillic, Devanagari");
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
