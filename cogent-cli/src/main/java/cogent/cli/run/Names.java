package cogent.cli.run;

/** What people call the models of a run. */
public final class Names {
    private Names() {}

    /** Such as {@code CRV + CogPO} for {@code cogpo}. */
    public static String of(String model) {
        return switch (model) {
            case "base" -> "base";
            case "raw" -> "raw SFT";
            case "sft" -> "CRV";
            case "cogpo" -> "CRV + CogPO";
            default -> model;
        };
    }
}
