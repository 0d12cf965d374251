package cogent.curate.agent;

/** Reads what was asked for out of a reply's text. */
@FunctionalInterface
interface ReplyParser<T> {
    T read(String reply) throws UnusableReply;
}
