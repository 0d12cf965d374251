package cogent.playground;

/** The operations of the world. */
enum Op {
    ADD('+'),
    SUBTRACT('-'),
    MULTIPLY('×');

    final char symbol;

    Op(char symbol) {
        this.symbol = symbol;
    }

    int apply(int left, int right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
        };
    }
}
