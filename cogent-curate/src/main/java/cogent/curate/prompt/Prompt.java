package cogent.curate.prompt;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of an agent's prompt. {@code {{name}}} alone in a line stands for a section: a text from a corpus or a model,
 * set between marker lines that it cannot forge (see {@code docs/decisions/prompts.md}). {@code {{name}}} within a line
 * stands for a word that the recipe or the code gives.
 *
 * @param source where the text comes from, for messages
 */
public record Prompt(AgentTask task, String text, String source) {
    private static final Pattern PLACE = Pattern.compile("(?m)^\\{\\{(?<section>\\w+)}}$|\\{\\{(?<word>\\w+)}}");
    private static final String FENCE = "fence";

    public Prompt {
        text = text.replace("\r\n", "\n").strip();
        check(task, text, source);
    }

    /** The prompt that comes with Cogent. */
    public static Prompt builtIn(AgentTask task) {
        String name = task.key() + ".md";
        try (InputStream in = Prompt.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new Prompt(task, new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws InputException when the file cannot be read or holds other placeholders than the task knows */
    public static Prompt read(AgentTask task, Path file) {
        try {
            return new Prompt(task, Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read as the " + task.key() + " prompt (UTF-8 text)", e);
        }
    }

    /**
     * The message for a request: the prompts one after the other, all sections behind one fence.
     *
     * @param sections texts by section name; never trusted
     */
    static String render(List<Prompt> prompts, Map<String, String> words, Map<String, String> sections) {
        String template = prompts.stream().map(Prompt::text).collect(Collectors.joining("\n\n"));
        String fence = fence(sections);
        return PLACE.matcher(template).replaceAll(place -> {
            String section = place.group("section");
            String word = section == null ? place.group("word") : section;
            String value = section != null && sections.containsKey(section)
                    ? fenced(section, fence, sections)
                    : word.equals(FENCE) ? fence : known(words, word);
            return Matcher.quoteReplacement(value);
        });
    }

    public String render(Map<String, String> words, Map<String, String> sections) {
        return render(List.of(this), words, sections);
    }

    private static String fenced(String name, String fence, Map<String, String> sections) {
        String marker = name + " " + fence + " ===";
        return "=== " + marker + "\n" + known(sections, name) + "\n=== end " + marker;
    }

    /** Sixteen hex digits that depend on the sections alone and occur in none of them. */
    private static String fence(Map<String, String> sections) {
        Sha256 sha = new Sha256();
        new TreeMap<>(sections).forEach((name, text) -> sha.addPart(name).addPart(text));
        byte[] digest = sha.bytes();
        while (true) {
            String fence = HexFormat.of().formatHex(digest, 0, 8);
            if (sections.values().stream().noneMatch(text -> text.contains(fence))) {
                return fence;
            }
            digest = new Sha256().add(digest).bytes();
        }
    }

    private static String known(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no value for {{" + name + "}}");
        }
        return value;
    }

    private static void check(AgentTask task, String text, String source) {
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            String section = place.group("section");
            String word = section == null ? place.group("word") : section;
            boolean known = (section != null && task.sections().contains(section))
                    || word.equals(FENCE)
                    || task.words().contains(word);
            if (!known) {
                throw new InputException(source + ": " + place.group() + " has no place in the " + task.key()
                        + " prompt. Sections, each alone in its line: " + braces(task.sections())
                        + "; words: " + braces(task.words()) + " {{fence}}");
            }
        }
        for (String section : task.sections()) {
            if (!Pattern.compile("(?m)^\\{\\{" + section + "}}$").matcher(text).find()) {
                throw new InputException(source + ": the " + task.key() + " prompt needs a line {{" + section + "}}");
            }
        }
    }

    private static String braces(Iterable<String> names) {
        StringBuilder out = new StringBuilder();
        names.forEach(name ->
                out.append(out.isEmpty() ? "" : " ").append("{{").append(name).append("}}"));
        return out.toString();
    }
}
