package cogent.pipeline.notes;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The notes on a run's samples by their ids: {@code notes.json} of its directory. */
public record Notes(Map<String, Note> byId) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private static final Pattern PAIR = Pattern.compile("#[a-z]+-\\d+$");

    public Notes {
        byId = Collections.unmodifiableMap(new TreeMap<>(byId));
    }

    /** @throws InputException when the file is not what {@link #put} writes: it is somebody's, and is not overwritten */
    public static Notes of(RunDirectory run) {
        if (!Files.exists(run.notes())) {
            return new Notes(Map.of());
        }
        try {
            return new Notes(
                    JSON.readValue(Files.readAllBytes(run.notes()), new TypeReference<TreeMap<String, Note>>() {}));
        } catch (IOException e) {
            throw InputException.unreadable(run.notes(), e);
        } catch (JacksonException e) {
            throw new InputException(run.notes() + ": these are no notes of the studio; mend or move the file", e);
        }
    }

    /** Keeps a note; an empty one is forgotten. Two windows at a time lose nothing of each other. */
    public static synchronized void put(RunDirectory run, String id, Note note) {
        Map<String, Note> notes = new TreeMap<>(of(run).byId);
        notes.remove(id);
        if (!note.isEmpty()) {
            notes.put(id, note);
        }
        AtomicFile.write(run.notes(), JSON.writeValueAsBytes(notes));
    }

    public Note on(String id) {
        return byId.getOrDefault(id, Note.NONE);
    }

    /** The samples that are not to be trained on. */
    public SortedSet<String> leftOut() {
        return byId.keySet().stream().filter(id -> on(id).leftOut()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The sample that a row comes from: a pair is called after it, {@code q-1#small-1}. */
    public static String sample(String row) {
        return PAIR.matcher(row).replaceFirst("");
    }
}
