package cogent.data;

/** Checks that the records of the vocabulary make of their parts. */
final class Require {
    private Require() {}

    /** @throws InputException when the text is blank, naming the part */
    static void text(String text, String part) {
        if (text.isBlank()) {
            throw new InputException("empty " + part);
        }
    }
}
