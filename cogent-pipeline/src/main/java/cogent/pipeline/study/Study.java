package cogent.pipeline.study;

import cogent.pipeline.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;

/**
 * A recipe with a grid: every variant with every seed.
 *
 * @param root the study's folder; the runs lie in it
 * @param recipe what is varied: the file, or the study's own
 * @param baseline the variant that others are compared with
 * @param comparisons what was planned to be compared, and nothing else: p-values are corrected for their number
 * @param text the study file as it was given
 */
public record Study(
        String name,
        Path root,
        Path recipe,
        List<Variant> variants,
        List<Long> seeds,
        String baseline,
        List<Comparison> comparisons,
        String text) {
    public Study {
        variants = List.copyOf(variants);
        seeds = List.copyOf(seeds);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * A named change of the recipe.
     *
     * @param about what it changes, as written
     * @param recipes as resolved, one for each seed
     */
    public record Variant(String name, String about, List<Recipe> recipes) {
        public Variant {
            recipes = List.copyOf(recipes);
        }
    }

    /** A difference to look at: variant minus against. */
    public record Comparison(String variant, String against) {}
}
