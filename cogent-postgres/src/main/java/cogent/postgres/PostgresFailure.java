package cogent.postgres;

import cogent.data.InputException;
import cogent.llm.store.SharedStore;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What the server's failures mean. */
final class PostgresFailure {
    /** What goes by: deadlock, serialisation, no memory or connection left, the server stopping or starting. */
    private static final Set<String> PASSING =
            Set.of("40001", "40P01", "53200", "53300", "55P03", "57P01", "57P02", "57P03", "57P05");

    /** The driver's word where the server asks for a password and none is known. */
    private static final String NO_PASSWORD = "08004";

    private PostgresFailure() {}

    /** Whether the same may go through later; the pool's own failure to connect has no state, or that of its cause. */
    static boolean passes(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || PASSING.contains(state) || e instanceof SQLTransientConnectionException;
    }

    /** What the user sees; other failures of SQL are mistakes in this program. */
    static RuntimeException told(SharedStore store, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String what = state.startsWith("28") || state.equals(NO_PASSWORD)
                ? "does not let this user in. PGUSER and PGPASSWORD in the environment, or ~/.pgpass, say who it is."
                : state.startsWith("08")
                        ? "cannot be reached. Is the server there, and does it take connections from here?"
                        : switch (state) {
                            case "3D000" -> "there is no such database. `createdb` makes one.";
                            case "42501", "25006" -> "this user may not write there. It needs CREATE on the database.";
                            case "53100" ->
                                "the server's disk is full. Everything before is kept. Make space and rerun.";
                            default -> "";
                        };
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return what.isEmpty()
                ? new IllegalStateException(store.url() + ": " + e.getMessage(), e)
                : new InputException("store " + store.url() + ": " + what + " (" + said + ")", e);
    }
}
