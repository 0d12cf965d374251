package cogent.curate.run;

import cogent.curate.Curated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * A story as {@code run.db} holds it: no long text twice. What an agent wrote lies in the table {@code calls} already, and the
 * original is the outcome too where it is kept, so that a story names the place of each long text instead of repeating it.
 *
 * <pre>
 *   {"calls": [keys of stored replies], "texts": [what is in none of them], "curated": {…}}
 * </pre>
 *
 * where a long string is {@code [n, from, length]}: so many characters of the n-th text, the replies counted first.
 */
final class StoryFormat {
    /** Shorter ones are cheaper to repeat than to name. */
    private static final int LONG = 64;

    /** Under this name a writer or reader holds the texts of one story. */
    private static final Object TEXTS = "texts";

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(String.class, new Naming())
                    .addDeserializer(String.class, new Finding()))
            .build();

    private static final JsonMapper PLAIN = JsonMapper.shared();

    private StoryFormat() {}

    /** @param replies the stored texts that the story was made from, by the key of the call */
    static String write(Curated curated, Map<String, String> replies) {
        List<String> texts = new ArrayList<>(replies.values());
        String story = JSON.writer().withAttribute(TEXTS, texts).writeValueAsString(curated);
        return "{\"calls\":" + PLAIN.writeValueAsString(replies.keySet())
                + ",\"texts\":" + PLAIN.writeValueAsString(texts.subList(replies.size(), texts.size()))
                + ",\"curated\":" + story + "}";
    }

    /** @param reply the text stored under a call's key */
    static Curated read(String written, UnaryOperator<String> reply) {
        JsonNode whole = PLAIN.readTree(written);
        if (!whole.has("curated")) {
            return PLAIN.treeToValue(whole, Curated.class); // of before texts were named
        }
        List<String> texts = new ArrayList<>();
        whole.path("calls").forEach(key -> texts.add(reply.apply(key.stringValue())));
        whole.path("texts").forEach(text -> texts.add(text.stringValue()));
        return JSON.readerFor(Curated.class).withAttribute(TEXTS, texts).readValue(whole.path("curated"));
    }

    /** The keys of the replies that a story was made from; none where an older Cogent wrote it. */
    static List<String> calls(String written) {
        return PLAIN.readTree(written)
                .path("calls")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    /** Writes the place of a long string; one that is in no text yet becomes a text. */
    private static final class Naming extends StdSerializer<String> {
        Naming() {
            super(String.class);
        }

        @Override
        public void serialize(String value, JsonGenerator out, SerializationContext context) {
            if (value.length() < LONG) {
                out.writeString(value);
                return;
            }
            List<String> texts = texts(context.getAttribute(TEXTS));
            int text = 0;
            int from = -1;
            for (; text < texts.size(); text++) {
                from = texts.get(text).indexOf(value);
                if (from >= 0) {
                    break;
                }
            }
            if (from < 0) {
                texts.add(value);
                from = 0;
            }
            out.writeArray(new int[] {text, from, value.length()}, 0, 3);
        }
    }

    /** Reads a string or its place. */
    private static final class Finding extends StdDeserializer<String> {
        Finding() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                return in.getString();
            }
            int[] place = context.readValue(in, int[].class);
            List<String> texts = texts(context.getAttribute(TEXTS));
            return isIn(texts, place)
                    ? texts.get(place[0]).substring(place[1], place[1] + place[2])
                    : context.reportInputMismatch(this, "no text is at %s", Arrays.toString(place));
        }
    }

    private static boolean isIn(List<String> texts, int[] place) {
        return place.length == 3
                && place[0] >= 0
                && place[0] < texts.size()
                && place[1] >= 0
                && place[2] >= 0
                && place[2] <= texts.get(place[0]).length() - place[1];
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Object attribute) {
        return (List<String>) attribute;
    }
}
