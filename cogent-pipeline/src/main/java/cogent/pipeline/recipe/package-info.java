/** Recipes: YAML laid over the defaults, checked strictly and bound to records. */
@NullMarked
package cogent.pipeline.recipe;

import org.jspecify.annotations.NullMarked;
