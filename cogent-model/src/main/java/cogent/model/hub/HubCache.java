package cogent.model.hub;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One repository in the cache, in the layout of {@code huggingface_hub}, so that Python tools find what is fetched here and
 * the other way round:
 *
 * <pre>
 * models--org--name/
 *   refs/main                     the commit that a branch or tag was at when last asked
 *   blobs/ETAG                    contents, each once
 *   snapshots/COMMIT/FILE         links to blobs
 * </pre>
 */
record HubCache(Path folder) {
    private static final String COMMIT = "[0-9a-f]{40}";

    static HubCache of(HubSettings settings, HubRepo repo) {
        return new HubCache(settings.cache().resolve(repo.folder()));
    }

    /** The commit of a revision, as far as the cache knows. */
    Optional<String> commit(String revision) {
        if (revision.matches(COMMIT)) {
            return Optional.of(revision);
        }
        Path ref = folder.resolve("refs").resolve(revision);
        try {
            return Files.isRegularFile(ref)
                    ? Optional.of(Files.readString(ref).strip()).filter(text -> text.matches(COMMIT))
                    : Optional.empty();
        } catch (IOException e) {
            throw new InputException(ref + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    /** Where processes that fetch the same blob wait for each other, beside the repositories as Python has it. */
    Path lock(String etag) {
        return folder.resolveSibling(".locks").resolve(folder.getFileName()).resolve(etag + ".cogent.lock");
    }

    void remember(String revision, String commit) throws IOException {
        if (commit(revision).filter(commit::equals).isPresent()) {
            return; // a cache that others share may be one that cannot be written
        }
        AtomicFile.write(folder.resolve("refs").resolve(revision), commit);
    }

    /** Makes a blob a file of a snapshot: by a relative link, or by a copy where the disk has none. */
    void link(String etag, String commit, String file) throws IOException {
        Path place = snapshot(commit).resolve(file);
        Path parent = Objects.requireNonNull(place.getParent());
        Files.createDirectories(parent);
        Path blob = blob(etag);
        try {
            if (Files.isSymbolicLink(place) && !Files.exists(place)) {
                Files.delete(place); // its blob was removed, whichever it was
            }
            Files.createSymbolicLink(place, parent.relativize(blob));
        } catch (FileAlreadyExistsException e) {
            // as it should be
        } catch (UnsupportedOperationException | IOException e) {
            try (AtomicFile copy = AtomicFile.create(place)) {
                Files.copy(blob, copy.stream());
                copy.commit();
            }
        }
    }
}
