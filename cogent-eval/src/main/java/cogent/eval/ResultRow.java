package cogent.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One line of a results file: a reply and how it was judged.
 *
 * @param key hash of everything that the reply depends on; a row with another key is not taken over
 * @param reference the answer sought
 * @param verdict {@code equal}, {@code different} or {@code unknown}
 */
record ResultRow(
        String key,
        String problem,
        int sample,
        String reference,
        String extracted,
        boolean stated,
        String verdict,
        String reason,
        Graded.End end,
        @JsonProperty("prompt_tokens") long promptTokens,
        @JsonProperty("completion_tokens") long completionTokens,
        String reply,
        String reasoning) {
    Graded graded(Grade grade) {
        return new Graded(grade, end, promptTokens, completionTokens);
    }

    ResultRow judged(String answer, Grade grade) {
        return new ResultRow(
                key,
                problem,
                sample,
                answer,
                grade.extracted(),
                grade.stated(),
                grade.verdict().kind().name().toLowerCase(java.util.Locale.ROOT),
                grade.verdict().reason(),
                end,
                promptTokens,
                completionTokens,
                reply,
                reasoning);
    }
}
