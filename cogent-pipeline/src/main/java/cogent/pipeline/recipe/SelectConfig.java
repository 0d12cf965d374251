package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import org.jspecify.annotations.Nullable;

/** Which of the rows SFT learns from, by what the student itself makes of them. */
public record SelectConfig(
        @Key(
                doc =
                        "the share of the rows with the lowest rank-surprisal ratio under the student (surprising, yet among"
                                + " what it would think of; arXiv 2601.14249) that is kept; 1 = all",
                def = "1.0",
                range = "(0,1]")
        double keep,

        @Key(doc = "of several rationales to one prompt only that with the lowest ratio", def = "false")
        boolean bestOfPrompt,

        @Key(
                doc =
                        "long rationales make up this share, short ones the rest (0.2 = one to four, arXiv 2502.12143): long ="
                                + " longer than the median of those to its prompt, or of the rows that are alone with theirs;"
                                + " some of the others stay out by chance. null = as they come",
                def = "null",
                range = "(0,1)")
        @Nullable
        Double longShare,

        @Key(
                doc = "rows stay out when a larger share of their tokens is less likely to the student than `possible`"
                        + " (reverse speculative filter, after arXiv 2509.22230); 1 = none",
                def = "1.0",
                range = "[0,1]")
        double impossible,

        @Key(doc = "the probability below which a token counts as impossible", def = "0.01", range = "(0,1)")
        double possible,

        @Key(
                doc =
                        "the model that is measured, a directory or a name, or raw, this run's raw SFT model; null = student.model",
                def = "null",
                operational = true, // its files are an input
                path = true)
        @Nullable
        String student) {
    /** Whether anything is left out. */
    public boolean selects() {
        return keep < 1 || bestOfPrompt || longShare != null || impossible < 1;
    }
}
