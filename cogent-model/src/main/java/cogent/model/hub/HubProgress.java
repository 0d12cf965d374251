package cogent.model.hub;

/** How far a transfer is. */
@FunctionalInterface
public interface HubProgress {
    /** Nobody looks. */
    HubProgress SILENT = (file, done, total) -> {};

    /**
     * Bytes of one file are there.
     *
     * @param total bytes of the whole file
     */
    void moved(String file, long done, long total);
}
