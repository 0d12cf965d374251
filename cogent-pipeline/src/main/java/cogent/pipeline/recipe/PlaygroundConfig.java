package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;

/** The built-in world. */
public record PlaygroundConfig(
        @Key(
                doc = "in the corpus, an equal mix of terse, balanced and convoluted rationales",
                def = "4000",
                range = "[1,)")
        int problems,

        @Key(doc = "for evaluation, disjoint from the corpus", def = "500", range = "[0,)")
        int heldOut,

        @Key(doc = "at most so many arithmetic steps a problem", def = "2")
        int steps,

        @Key(doc = "no number is larger", def = "99") int largest) {}
