package cogent.playground;

import cogent.data.Problem;
import cogent.data.RowFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tokenizer.json} of the playground's student: a Hugging Face WordLevel model over words, operators,
 * punctuation and single digits. A piece keeps its leading space, and the space after it when a digit follows, so that a
 * number is nothing but its digits and text is the plain concatenation of its pieces (decoder {@code Fuse}): decoding
 * gives back exactly what was encoded, for every text of this world.
 */
final class PlaygroundTokenizer {
    static final String PAD = "<|pad|>";
    static final String UNKNOWN = "<|unk|>";
    static final String END = "<|end|>";

    /** Roles, as the chat template writes them, and the tags of {@link RowFormat#THINK}. */
    private static final List<String> ADDED =
            List.of(PAD, UNKNOWN, END, "<|system|>", "<|user|>", "<|assistant|>", "<think>", "</think>");

    /** One piece of text; the same in Java's and in Oniguruma's dialect. */
    private static final String PIECE =
            "\\n\\n| ?\\\\boxed\\{| ?[A-Za-z]+(?: (?=[0-9]))?|[0-9]| ?[^\\sA-Za-z0-9](?: (?=[0-9]))?|\\s";

    private PlaygroundTokenizer() {}

    /** Every token, its id being its place: the added ones, the digits, then the pieces in alphabetical order. */
    static List<String> vocabulary() {
        TreeSet<String> pieces = new TreeSet<>();
        everyPhrase().forEach(text -> {
            for (Matcher piece = Pattern.compile(PIECE).matcher(text); piece.find(); ) {
                pieces.add(piece.group());
            }
        });
        List<String> vocabulary = new ArrayList<>(ADDED);
        for (char digit = '0'; digit <= '9'; digit++) {
            vocabulary.add(String.valueOf(digit));
        }
        pieces.removeAll(vocabulary);
        vocabulary.addAll(pieces);
        return List.copyOf(vocabulary);
    }

    /** Texts that between them hold every piece that this world can write. */
    private static List<String> everyPhrase() {
        List<String> texts = new ArrayList<>(List.of(" \n \n\n", "\\boxed{8}"));
        List<String> names = new ArrayList<>(Story.SHE);
        names.addAll(Story.HE);
        for (String name : names) {
            for (String thing : Story.THINGS) {
                texts.add(tell(name, thing, Story.Verb.FINDS));
            }
            for (Story.Verb verb : Story.Verb.values()) {
                texts.add(tell(name, Story.THINGS.getFirst(), verb));
            }
        }
        for (Op op : Op.values()) {
            Working working = Working.of(op, 95, 8);
            for (RationaleKind kind : RationaleKind.values()) {
                texts.add(kind.paragraph(working, 0));
                texts.add(kind.paragraph(working, -1));
            }
        }
        texts.add(RowFormat.THINK.prompt(new Problem("any", texts.getLast(), "1")));
        return texts;
    }

    private static String tell(String name, String thing, Story.Verb verb) {
        Task.Step step = new Task.Step(verb.op, 2);
        return new Story(name, thing, new Task(4, List.of(step, step)), List.of(verb, verb)).text();
    }

    /** The content of {@code tokenizer.json}; readers other than the Rust one insist on the members that are null. */
    static Map<String, @Nullable Object> json() {
        List<String> vocabulary = vocabulary();
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        return object(
                "version",
                "1.0",
                "truncation",
                null,
                "padding",
                null,
                "added_tokens",
                ADDED.stream().map(PlaygroundTokenizer::added).toList(),
                "normalizer",
                null,
                "pre_tokenizer",
                object("type", "Split", "pattern", Map.of("Regex", PIECE), "behavior", "Isolated", "invert", false),
                "post_processor",
                null,
                "decoder",
                Map.of("type", "Fuse"),
                "model",
                object("type", "WordLevel", "vocab", ids, "unk_token", UNKNOWN));
    }

    /** The tags of the thinking are text that a reader should see; the rest are marks of the format. */
    private static Map<String, @Nullable Object> added(String token) {
        return object(
                "id", ADDED.indexOf(token),
                "content", token,
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false,
                "special", !token.contains("think"));
    }

    /** A JSON object whose members keep the order in which they are written. */
    static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
