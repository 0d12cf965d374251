package cogent.studio.training;

import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/** The keys in which recipes differ. */
record RecipeDiff(List<Difference> differences) {
    /** One key with its value in each recipe, in their order; empty where a recipe has no such key. */
    record Difference(String key, List<String> values) {
        /** Whether an accuracy depends on it that has nothing to do with the model. */
        boolean measures() {
            return key.matches("evaluate\\..*|format\\..*|corpus\\.held_out|playground\\..*|seed")
                    && !key.matches("evaluate\\.(models|batch_size|endpoints\\..*)");
        }
    }

    static RecipeDiff of(SequencedMap<String, Recipe> recipes) {
        List<Map<String, String>> flat = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>();
        for (Recipe recipe : recipes.values()) {
            Map<String, String> values = RecordJson.flat(RecordJson.all(recipe));
            keys.addAll(values.keySet());
            flat.add(values);
        }
        keys.removeAll(List.of("name", "runs", "threads"));
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            List<String> values =
                    flat.stream().map(v -> v.getOrDefault(key, "")).toList();
            if (values.stream().distinct().count() > 1) {
                differences.add(new Difference(key, values));
            }
        }
        return new RecipeDiff(differences);
    }
}
