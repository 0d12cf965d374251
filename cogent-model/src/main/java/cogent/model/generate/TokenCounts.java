package cogent.model.generate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The different tokens of a prompt and its text, with how often the text has each: what penalties fall on. */
final class TokenCounts {
    private final Map<Integer, Integer> places = new HashMap<>();
    private int[] ids = new int[64];
    private int[] times = new int[64];

    TokenCounts(int... prompt) {
        for (int id : prompt) {
            place(id);
        }
    }

    /** One more token of the text. */
    void add(int id) {
        times[place(id)]++;
    }

    int size() {
        return places.size();
    }

    int id(int place) {
        return ids[place];
    }

    /** How often the text has it. */
    int times(int place) {
        return times[place];
    }

    private int place(int id) {
        int known = places.size();
        int place = places.computeIfAbsent(id, _ -> known);
        if (place == known) {
            if (known == ids.length) {
                ids = Arrays.copyOf(ids, 2 * known);
                times = Arrays.copyOf(times, 2 * known);
            }
            ids[known] = id;
        }
        return place;
    }
}
