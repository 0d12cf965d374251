package cogent.curate.run;

import cogent.llm.ChatReply;

/**
 * A reply as {@code run.db} holds it.
 *
 * @param promptCharacters length of the messages that it answers
 */
public record StoredReply(String agent, long promptCharacters, ChatReply reply) {}
