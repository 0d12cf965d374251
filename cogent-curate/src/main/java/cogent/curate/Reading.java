package cogent.curate;

/** Reads what was asked for out of a reply's text. */
@FunctionalInterface
interface Reading<T> {
    T read(String reply) throws Unusable;
}
