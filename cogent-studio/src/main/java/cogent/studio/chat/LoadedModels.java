package cogent.studio.chat;

import cogent.local.LocalChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The models talked with last, kept loaded: two at most, as many as stand side by side. */
public final class LoadedModels implements AutoCloseable {
    private static final int MOST = 2;

    /** A model directory as it was when it was loaded: a training that replaces it makes another. */
    private record Key(Path directory, FileTime written) {}

    private final SequencedMap<Key, LocalChatModel> loaded = new LinkedHashMap<>();

    /** @throws cogent.data.InputException when the directory holds no model that can be read */
    synchronized LocalChatModel of(Path directory) throws IOException {
        Key key = new Key(directory, Files.getLastModifiedTime(directory.resolve("config.json")));
        LocalChatModel model = loaded.remove(key);
        if (model == null) {
            while (loaded.size() >= MOST) {
                loaded.pollFirstEntry().getValue().close();
            }
            model = LocalChatModel.load(directory);
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
