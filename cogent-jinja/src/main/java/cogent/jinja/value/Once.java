package cogent.jinja.value;

import java.util.List;

/** Python's generator, as filters like map and select return: always true, without length or index, read once. */
public final class Once {
    private final String name;
    private List<Object> items;

    public Once(String name, List<Object> items) {
        this.name = name;
        this.items = items;
    }

    List<Object> take() {
        List<Object> taken = items;
        items = List.of();
        return taken;
    }

    @Override
    public String toString() {
        return "<generator object " + name + ">";
    }
}
