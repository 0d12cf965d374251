package cogent.data;

import java.util.Locale;

/** Numbers of things, as people read them: {@code 1 row}, {@code 2,000 rows}. */
public final class Count {
    private Count() {}

    /** @param one the thing; several of it end in {@code s} */
    public static String of(long n, String one) {
        return of(n, one, one + "s");
    }

    public static String of(long n, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : several);
    }
}
