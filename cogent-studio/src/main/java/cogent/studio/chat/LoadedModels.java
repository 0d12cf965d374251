package cogent.studio.chat;

import cogent.local.LocalChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/** The models talked with last, kept loaded: two at most, as many as stand side by side. */
public final class LoadedModels implements AutoCloseable {
    private static final int MOST = 2;

    /** A model directory as it was when it was loaded: a training that replaces it makes another. */
    private record Key(Path directory, FileTime written, Map<String, JsonNode> template) {}

    private final SequencedMap<Key, LocalChatModel> loaded = new LinkedHashMap<>();

    /**
     * @param template variables of its chat template
     * @throws cogent.data.InputException when the directory holds no model that can be read
     */
    synchronized LocalChatModel of(Path directory, Map<String, JsonNode> template) throws IOException {
        Key key = new Key(directory, Files.getLastModifiedTime(directory.resolve("config.json")), template);
        LocalChatModel model = loaded.remove(key);
        if (model == null) {
            while (loaded.size() >= MOST) {
                loaded.pollFirstEntry().getValue().close();
            }
            model = LocalChatModel.load(directory, LocalChatModel.Settings.DEFAULT.withTemplate(template));
        }
        loaded.put(key, model);
        return model;
    }

    @Override
    public synchronized void close() {
        loaded.values().forEach(LocalChatModel::close);
        loaded.clear();
    }
}
