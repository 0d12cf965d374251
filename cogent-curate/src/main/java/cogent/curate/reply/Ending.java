package cogent.curate.reply;

/**
 * The line at the end of a reply, without decoration, that may hold a decision; of a table or an object what says it as one.
 *
 * @param before what stands before it
 */
record Ending(String line, String before) {}
