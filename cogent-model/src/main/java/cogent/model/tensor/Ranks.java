package cogent.model.tensor;

import cogent.model.process.Launch;
import cogent.model.process.LostRankException;

/**
 * The processes that work on one training together; this is one of them. Every operation is collective: all ranks call the
 * same ones in the same order, and none is done before all have come. A single process is {@link #alone}, for which they
 * all are nothing.
 *
 * <p>An operation that another rank does not come to, because it is gone or hangs, throws {@link LostRankException}.
 */
public sealed interface Ranks extends AutoCloseable permits Ranks.Alone, ProcessGroup {
    /** One process. */
    static Ranks alone() {
        return new Alone();
    }

    /** An operation under way; its tensors are to be left alone until it is done. */
    interface Pending {
        /** Nothing to wait for. */
        Pending DONE = () -> {};

        /** Waits for the end of it. */
        void await();
    }

    /**
     * The process group that the environment speaks of.
     *
     * @see Launch
     * @throws cogent.data.InputException when the environment is incomplete, or the others cannot be reached
     */
    static Ranks ofEnvironment() {
        return Launch.of(System.getenv()).map(Ranks::join).orElseGet(Ranks::alone);
    }

    /** Joins the others and waits until all are there. */
    static Ranks join(Launch launch) {
        return launch.worldSize() == 1 ? alone() : new ProcessGroup(launch);
    }

    /** This one's number, from 0. */
    int rank();

    int count();

    /** Whether this is the one that writes files and speaks to people. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /**
     * Says where this rank stands: what another one that waits for it in vain will tell.
     *
     * @param where such as {@code step 8}
     */
    void at(String where);

    /** Begins to replace the values by their sums over all ranks; all ranks get the same bits. */
    Pending sum(Tensor values);

    /**
     * Begins to sum over all ranks what each has for each.
     *
     * @param all {@code [ranks, n]}: for every rank its part
     * @param own {@code [n]}: becomes the sum of this rank's parts
     */
    Pending reduceScatter(Tensor all, Tensor own);

    /**
     * Begins to gather what the ranks have.
     *
     * @param own {@code [n]}
     * @param all {@code [ranks, n]}: becomes the parts of all ranks
     */
    Pending allGather(Tensor own, Tensor all);

    /** Sums over all ranks, in double; all get the same bits. */
    double[] sum(double... values);

    /** Waits for all. */
    default void barrier() {
        sum(0);
    }

    /** Says something to all others, who {@link #hear} it in its turn; the first rank only, which does not wait. */
    void say(String text);

    /** Waits, however long, for what the first rank says next. */
    String hear();

    @Override
    void close();

    /** One process: everything is there already. */
    record Alone() implements Ranks {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void at(String where) {
            // nobody waits
        }

        @Override
        public Pending sum(Tensor values) {
            return Pending.DONE;
        }

        @Override
        public Pending reduceScatter(Tensor all, Tensor own) {
            own.copy_(all.view(own.shape()));
            return Pending.DONE;
        }

        @Override
        public Pending allGather(Tensor own, Tensor all) {
            all.copy_(own.view(all.shape()));
            return Pending.DONE;
        }

        @Override
        public double[] sum(double... values) {
            return values;
        }

        @Override
        public void say(String text) {
            // nobody hears
        }

        @Override
        public String hear() {
            throw new IllegalStateException("one process has nobody to hear");
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
