package cogent.data.file;

import org.jspecify.annotations.Nullable;

/** The rows of a file one by one. */
interface RowSource extends AutoCloseable {
    /** Null at the end. */
    @Nullable
    Row next();

    @Override
    void close();
}
