package cogent.curate.prompt;

/** A reply that was refused, and why: what the next request may say about it. */
public record Refusal(String text, String reason) {}
