package cogent.data.file;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as rows are read: strict, a name twice in an object is an error. */
final class RowJson {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RowJson() {}

    /** What is wrong with a text, in one short line. */
    static String describe(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(start marker at \\[Source:.*", "") // these speak of Jackson's settings
                .replaceFirst("^Non-standard token '(.*?)': enable .*", "$1 is no JSON number");
        String shortened = message.length() > 160 ? message.substring(0, 160) + "…" : message;
        return e.getLocation() == null
                ? shortened
                : shortened + " at column " + e.getLocation().getColumnNr();
    }
}
