package cogent.curate.run;

import cogent.data.Sample;

/**
 * A sample that no endpoint has answered, or not yet.
 *
 * @param why in the endpoint's words; empty where a reply is still to come
 */
public record UnansweredSample(Sample sample, String why) {}
