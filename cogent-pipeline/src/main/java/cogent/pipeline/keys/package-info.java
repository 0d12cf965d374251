/**
 * Keys of a YAML file that records declare: from a declaration follow reading with every error and its place, the
 * reference, the JSON Schema and the identity of what depends on the values. The room knows nothing of recipes.
 */
@NullMarked
package cogent.pipeline.keys;

import org.jspecify.annotations.NullMarked;
