package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the card of a dataset says of its files: the {@code configs} in front of its README.md, each with {@code data_files}
 * (<a href="https://huggingface.co/docs/hub/datasets-manual-configuration">the hub's manual configuration</a>).
 */
record HubCard(JsonNode configs) {
    static final String FILE = "README.md";

    private static final Pattern FRONT = Pattern.compile("\\A\\uFEFF?---\\R(.*?)\\R---", Pattern.DOTALL);

    private static final Pattern ROWS =
            Pattern.compile("(?i).*\\.(?:parquet|jsonl|ndjson|json|csv|tsv)(?:\\.(?:gz|zst|bz2|xz))?");

    /** The card of a snapshot; one that says nothing where there is none, or its front is no YAML. */
    static HubCard of(Path snapshot) {
        Path card = snapshot.resolve(FILE);
        try {
            Matcher front = FRONT.matcher(Files.isRegularFile(card) ? Files.readString(card) : "");
            return new HubCard(
                    front.find()
                            ? YAMLMapper.shared().readTree(front.group(1)).path("configs")
                            : MissingNode.getInstance());
        } catch (JacksonException | CharacterCodingException e) {
            return new HubCard(MissingNode.getInstance()); // as without a card, the names of the files say it
        } catch (IOException e) {
            throw new InputException(card + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** Which files of the repository a split has; empty where the card does not say. */
    Optional<Predicate<String>> files(HubSplit split) {
        Optional<JsonNode> config = config(split.configuration());
        String folder = config.map(each -> each.path("data_dir").asString(""))
                .filter(each -> !each.isEmpty())
                .map(each -> each.replaceFirst("^\\./", "").replaceFirst("/+$", "") + "/")
                .orElse("");
        if (config.isPresent() && !config.get().has("data_files") && !folder.isEmpty()) {
            Pattern files = split.in(folder);
            return Optional.of(file -> files.matcher(file).matches());
        }
        List<PathMatcher> patterns = config.stream()
                .flatMap(each -> patterns(each.path("data_files"), split.split()))
                .map(pattern -> matcher(folder + pattern.replaceFirst("^\\./", "")))
                .toList();
        return patterns.isEmpty()
                ? Optional.empty()
                : Optional.of(file -> ROWS.matcher(file).matches()
                        && patterns.stream().anyMatch(pattern -> pattern.matches(Path.of(file))));
    }

    /** The configuration of that name; {@code default} is also the one that says so, or is alone. */
    private Optional<JsonNode> config(String name) {
        return configs.valueStream()
                .filter(each -> each.path("config_name").asString("default").equals(name))
                .findFirst()
                .or(() -> configs.valueStream()
                        .filter(_ -> name.equals("default"))
                        .filter(each ->
                                configs.size() == 1 || each.path("default").asBoolean(false))
                        .findFirst());
    }

    /** {@code data_files} is a pattern or several, all of the split {@code train}, or patterns by split. */
    private static Stream<String> patterns(JsonNode files, String split) {
        if (files.isObject()) {
            return texts(files.path(split));
        }
        Stream<JsonNode> each = files.isArray() ? files.valueStream() : Stream.of(files);
        return each.flatMap(file -> file.isObject()
                ? texts(
                        file.path("split").asString("train").equals(split)
                                ? file.path("path")
                                : MissingNode.getInstance())
                : texts(split.equals("train") ? file : MissingNode.getInstance()));
    }

    private static Stream<String> texts(JsonNode value) {
        return (value.isArray() ? value.valueStream() : Stream.of(value))
                .filter(JsonNode::isString)
                .map(JsonNode::asString);
    }

    private static PathMatcher matcher(String pattern) {
        try {
            // ** may stand for no folder at all
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("**/", "{,**/}"));
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "README.md of the dataset names its files by \"" + pattern
                            + "\", which is no pattern; name a file of it: hf://datasets/ORG/NAME/FILE",
                    e);
        }
    }
}
