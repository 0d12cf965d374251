package cogent.llm.store;

import java.util.List;

/** What {@code run.db} holds; the classes named after the tables read and write them. */
final class Schema {
    /** In {@code PRAGMA user_version}. */
    static final int VERSION = 1;

    /**
     * {@code unanswered}: most_tokens, most_cost are what a call may have come to at most; why is empty while its process
     * waits for the reply.
     *
     * <p>{@code batched}: wave is the number of the wave that wrote the call last, into file; out is 1 when that file is
     * whole and no result has come, 0 when the call is to be written again; tries counts results that brought no reply,
     * status and error are what the last of them said, and result is its id, so that a file read twice counts once.
     *
     * <p>{@code waves}: those whose files are whole; numbers are never used twice.
     */
    static final List<String> TABLES =
            List.of("""
            CREATE TABLE IF NOT EXISTS calls (
              key TEXT PRIMARY KEY,
              agent TEXT NOT NULL,
              asked_model TEXT NOT NULL,
              sample INTEGER NOT NULL,
              prompt_chars INTEGER NOT NULL,
              prompt_head TEXT NOT NULL,
              model TEXT NOT NULL,
              text TEXT NOT NULL,
              reasoning TEXT NOT NULL,
              finish TEXT NOT NULL,
              prompt_tokens INTEGER NOT NULL,
              completion_tokens INTEGER NOT NULL,
              reasoning_tokens INTEGER NOT NULL,
              cost REAL NOT NULL,
              answered_at TEXT NOT NULL,
              millis INTEGER NOT NULL
            ) WITHOUT ROWID""", """
            CREATE TABLE IF NOT EXISTS unanswered (
              id INTEGER PRIMARY KEY,
              key TEXT NOT NULL,
              agent TEXT NOT NULL,
              asked_model TEXT NOT NULL,
              most_tokens INTEGER NOT NULL,
              most_cost REAL NOT NULL,
              sent_at TEXT NOT NULL,
              why TEXT NOT NULL
            )""", """
            CREATE TABLE IF NOT EXISTS batched (
              key TEXT PRIMARY KEY,
              agent TEXT NOT NULL,
              asked_model TEXT NOT NULL,
              sample INTEGER NOT NULL,
              prompt_chars INTEGER NOT NULL,
              prompt_head TEXT NOT NULL,
              price_in REAL NOT NULL,
              price_out REAL NOT NULL,
              most_tokens INTEGER NOT NULL,
              most_cost REAL NOT NULL,
              wave INTEGER NOT NULL,
              file TEXT NOT NULL,
              out INTEGER NOT NULL,
              tries INTEGER NOT NULL,
              status INTEGER NOT NULL,
              error TEXT NOT NULL,
              result TEXT NOT NULL
            ) WITHOUT ROWID""", "CREATE TABLE IF NOT EXISTS waves (number INTEGER PRIMARY KEY)", """
            CREATE TABLE IF NOT EXISTS unbounded (
              key TEXT PRIMARY KEY,
              call TEXT NOT NULL
            ) WITHOUT ROWID""");

    /** Run by the process that takes the database: what an earlier one left in flight will not be answered. */
    static final String RECOVERY = "UPDATE unanswered SET why = 'the run ended before the reply came' WHERE why = ''";

    private Schema() {}
}
