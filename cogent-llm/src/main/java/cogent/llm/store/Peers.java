package cogent.llm.store;

import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter.Spend;
import cogent.llm.resilience.Gate;
import cogent.llm.resilience.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;

/**
 * The processes that work on one shared store, and what they agree upon there: who does which piece of work, how hard an
 * endpoint is driven, what may still be spent. One that is not heard of for the length of a lease counts as dead, and what it
 * held is free for the others. It is not stopped by that, so that what it finishes later is checked against {@link #end}.
 */
public interface Peers {
    /**
     * Takes what nobody alive holds.
     *
     * @param names of pieces of work, such as {@code sample 17}
     * @return those of them that this process holds now, and is to give back
     */
    Set<String> lease(Collection<String> names);

    /** Gives back what was not done. */
    void release(Collection<String> names);

    /**
     * Ends a lease within the transaction that writes what came of it.
     *
     * @return false when it had run out and another process holds it: then nothing is to be written
     */
    boolean end(Connection connection, String name) throws SQLException;

    /**
     * Says what this process is about to work with.
     *
     * @param settings a hash or text of all that the work depends on
     * @throws cogent.data.InputException when another process that is alive works with other settings
     */
    void agree(String settings);

    /** The limits of an endpoint, which hold for the calls of all processes together. */
    Gate gate(String endpoint, Limits limits);

    /** Whether a call fits into what the budget leaves; true holds until the transaction ends. */
    Room room(Connection connection, Spend most, Budget budget) throws SQLException;

    /**
     * What there is to spend.
     *
     * @param free whether the call fits
     * @param inFlight whether calls are out that may turn out cheaper than they could be
     * @param spent answered, lost and in flight
     */
    record Room(boolean free, boolean inFlight, Spend spent) {}
}
