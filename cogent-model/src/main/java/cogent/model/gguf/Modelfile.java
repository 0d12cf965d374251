package cogent.model.gguf;

import cogent.jinja.value.TemplateException;
import cogent.model.hf.ModelConfig;
import cogent.model.text.ChatFormat;
import cogent.model.text.ChatTemplate;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * What Ollama needs beside a GGUF file (<a href="https://github.com/ollama/ollama/blob/main/docs/modelfile.md">its
 * format</a>): it renders conversations by templates of Go, and knows the Jinja of few models.
 */
public final class Modelfile {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int USUAL_CONTEXT = 4096;
    private static final Map<String, String> SAMPLING = Map.of(
            "temperature", "temperature", "top_k", "top_k", "top_p", "top_p", "repetition_penalty", "repeat_penalty");

    private Modelfile() {}

    /** @param gguf the exported file, named as it lies beside the Modelfile */
    public static String of(Path gguf, ModelConfig config, Tokenizer tokenizer) {
        List<String> lines = new ArrayList<>();
        String own = gguf.getFileName().toString().replaceFirst("(\\.gguf)?$", ".Modelfile");
        lines.add("# ollama create NAME -f " + (own.contains(" ") ? "'" + own + "'" : own));
        lines.add("FROM ./" + gguf.getFileName());
        Optional<ChatTemplate> template = ChatTemplate.load(tokenizer.directory());
        Optional<String> go =
                template.flatMap(chat -> Turns.of(chat, bos(tokenizer))).map(Turns::go);
        if (go.isPresent()) {
            lines.add("TEMPLATE \"\"\"" + go.get() + "\"\"\"");
        } else if (template.isPresent()) {
            lines.add(
                    "# The model's chat template cannot be said in a turn's parts. Ollama takes the one in the file where it");
            lines.add("# knows it (`ollama show --template NAME`); else write a TEMPLATE here.");
        } else {
            lines.add("TEMPLATE \"\"\"{{ .Prompt }}\"\"\"");
        }
        for (int id : ChatFormat.of(tokenizer, LocalDate.EPOCH).stopIds()) {
            lines.add("PARAMETER stop \""
                    + tokenizer.decode(id).replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        int context = GgufModel.contextLength(config);
        if (context < USUAL_CONTEXT) {
            lines.add("PARAMETER num_ctx " + context);
        }
        sampling(tokenizer.directory().resolve("generation_config.json"), lines);
        return String.join("\n", lines) + "\n";
    }

    private static String bos(Tokenizer tokenizer) {
        return tokenizer.decode(ChatFormat.of(tokenizer, LocalDate.EPOCH).beginOfText());
    }

    private static void sampling(Path file, List<String> lines) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            JsonNode settings = JSON.readTree(Files.readString(file));
            SAMPLING.keySet().stream()
                    .sorted()
                    .filter(key -> settings.path(key).isNumber())
                    .forEach(key -> lines.add("PARAMETER " + SAMPLING.get(key) + " "
                            + settings.get(key).asString()));
        } catch (IOException | JacksonException e) {
            // what the model was trained by is in the GGUF file; its sampling is a suggestion
        }
    }

    /**
     * What a chat template writes around the texts of a turn.
     *
     * @param unasked what stands before the first turn where no system text is given
     */
    private record Turns(
            String systemHead, String systemEnd, String unasked, String userHead, String userEnd, String replyEnd) {
        private static final String ONE = "Aαx1";
        private static final String TWO = "Bβy2";
        private static final String THREE = "Cγz3";
        private static final String FOUR = "Dδw4";

        /** Empty where they do not say the same as the template. */
        static Optional<Turns> of(ChatTemplate chat, String bos) {
            try {
                String three = chat.render(messages("user", ONE, "assistant", TWO, "user", THREE), true);
                String four = chat.render(messages("system", FOUR, "user", ONE, "assistant", TWO, "user", THREE), true);
                String before = between(three, "", ONE);
                String gap = between(three, TWO, THREE);
                String ended = chat.render(messages("user", ONE, "assistant", TWO), false);
                String replyEnd = ended.substring(ended.indexOf(TWO) + TWO.length());
                String userHead = gap.substring(replyEnd.length());
                String systemGap = between(four, FOUR, ONE);
                if (!gap.startsWith(replyEnd) || !before.endsWith(userHead) || !systemGap.endsWith(userHead)) {
                    return Optional.empty();
                }
                Turns turns = new Turns(
                        between(four, "", FOUR),
                        systemGap.substring(0, systemGap.length() - userHead.length()),
                        before.substring(0, before.length() - userHead.length()),
                        userHead,
                        three.substring(three.indexOf(THREE) + THREE.length()),
                        replyEnd);
                boolean same =
                        three.equals(turns.unasked + turns.turn(ONE, TWO) + turns.userHead + THREE + turns.userEnd)
                                && four.equals(turns.systemHead
                                        + FOUR
                                        + turns.systemEnd
                                        + turns.turn(ONE, TWO)
                                        + turns.userHead
                                        + THREE
                                        + turns.userEnd);
                boolean sayable =
                        !turns.toString().contains("{{") && !turns.toString().contains("\"\"\"");
                return same && sayable ? Optional.of(turns.without(bos)) : Optional.empty();
            } catch (TemplateException | StringIndexOutOfBoundsException e) {
                return Optional.empty(); // it refuses a system text, or changes what it is given
            }
        }

        private String turn(String prompt, String reply) {
            return userHead + prompt + userEnd + reply + replyEnd;
        }

        /** The first token of a text is not the template's matter: llama.cpp puts it there. */
        private Turns without(String bos) {
            return new Turns(cut(systemHead, bos), systemEnd, cut(unasked, bos), userHead, userEnd, replyEnd);
        }

        private static String cut(String text, String bos) {
            return text.startsWith(bos) ? text.substring(bos.length()) : text;
        }

        String go() {
            String otherwise = unasked.isEmpty() ? "" : "{{ else }}" + unasked;
            return "{{ if .System }}" + systemHead + "{{ .System }}" + systemEnd + otherwise + "{{ end }}"
                    + "{{ range .Messages }}{{ if eq .Role \"user\" }}" + userHead + "{{ .Content }}" + userEnd
                    + "{{ else if eq .Role \"assistant\" }}{{ .Content }}" + replyEnd + "{{ end }}{{ end }}";
        }

        private static String between(String text, String from, String to) {
            int begin = text.indexOf(from) + from.length();
            return text.substring(begin, text.indexOf(to, begin));
        }

        private static ArrayNode messages(String... rolesAndTexts) {
            ArrayNode messages = JSON.createArrayNode();
            for (int i = 0; i < rolesAndTexts.length; i += 2) {
                messages.addObject().put("role", rolesAndTexts[i]).put("content", rolesAndTexts[i + 1]);
            }
            return messages;
        }
    }
}
