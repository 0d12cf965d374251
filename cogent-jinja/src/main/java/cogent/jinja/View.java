package cogent.jinja;

import java.util.List;

/** What a dict's {@code items()}, {@code keys()} and {@code values()} return: has a length, is read often, no index. */
record View(String kind, List<Object> items) {}
