package cogent.jinja.value;

import java.util.List;

/** What a dict's {@code items()}, {@code keys()} and {@code values()} return: has a length, is read often, no index. */
public record View(String kind, List<Object> items) {}
