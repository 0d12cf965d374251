package cogent.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port; 0 stands for any free one. */
final class Port implements ITypeConverter<Integer> {
    private static final int LAST = 65_535;

    @Override
    public Integer convert(String given) {
        if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > LAST) {
            throw new TypeConversionException("a port is a number from 0 to " + LAST + ", not " + given);
        }
        return Integer.valueOf(given);
    }
}
