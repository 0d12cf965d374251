package cogent.train.objective;

/** An objective that needs no reference and has a β of its own. */
interface ReferenceFree extends Objective {
    @Override
    default boolean usesReference() {
        return false;
    }

    @Override
    default boolean usesPairBetas() {
        return false;
    }
}
