package cogent.answer.math;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The units that are known, by each of their names. A pound is one of mass or of money, and a degree one of
 * several kinds: they are bases of their own. */
final class UnitNames {
    /** Unit, its size in units of lines above (`.`: a base), its other names. */
    private static final String TABLE = """
            m 1 . meter metre
            s 1 . second sec
            g 1 . gram gramme gm
            deg 1 . degree
            degC 1 . celsius centigrade
            degF 1 . fahrenheit
            K 1 . kelvin
            rad 1 . radian
            A 1 . ampere amp
            V 1 . volt
            ohm 1 .
            N 1 . newton
            J 1 . joule
            mol 1 . mole
            eV 1 . electronvolt
            lb 1 .
            sterling 1 . gbp
            pound 1 .
            gallon 1 . gal
            month 1 . mo
            dollar 1 . usd buck
            euro 1 . eur
            yen 1 . jpy
            rupee 1 . inr
            rouble 1 . rub ruble
            won 1 . krw
            unit 1 .
            nm 0.000000001 m nanometer nanometre
            Å 0.0000000001 m angstrom ångström
            um 0.000001 m micrometer micrometre micron
            mm 0.001 m millimeter millimetre
            cm 0.01 m centimeter centimetre
            dm 0.1 m decimeter decimetre
            km 1000 m kilometer kilometre
            in 0.0254 m inch inche
            ft 0.3048 m foot feet
            yd 0.9144 m yard
            mi 1609.344 m mile
            ms 0.001 s millisecond
            min 60 s minute
            h 3600 s hour hr
            day 86400 s
            week 604800 s wk
            year 12 month yr
            mg 0.001 g milligram
            kg 1000 g kilogram kilogramme kilo
            tonne 1000000 g
            oz 0.0625 lb ounce
            L 0.001 m^3 liter litre l
            mL 0.000001 m^3 milliliter millilitre ml cc
            cL 0.00001 m^3 centiliter centilitre cl
            hectare 10000 m^2 ha
            acre 4046.8564224 m^2
            quart 0.25 gallon qt
            pint 0.125 gallon pt
            cup 0.0625 gallon
            Hz 1 1/s hertz
            kHz 1000 1/s kilohertz
            MHz 1000000 1/s megahertz
            GHz 1000000000 1/s gigahertz
            kJ 1000 J kilojoule
            MJ 1000000 J megajoule
            W 1 J/s watt
            kW 1000 J/s kilowatt
            MW 1000000 J/s megawatt
            Wh 1 W*h
            kWh 1000 W*h kwh
            kN 1000 N kilonewton
            Pa 1 N/m^2 pascal
            kPa 1000 N/m^2 kilopascal
            MPa 1000000 N/m^2 megapascal
            mA 0.001 A milliampere milliamp
            mV 0.001 V millivolt
            kV 1000 V kilovolt
            kohm 1000 ohm kiloohm kilohm
            keV 1000 eV
            MeV 1000000 eV
            mmol 0.001 mol millimole
            cent 0.01 dollar
            mph 1 mi/h
            kph 1 km/h kmh kmph
            mps 1 m/s
            fps 1 ft/s
            """;

    private static final Map<String, Unit> BY_NAME = table();

    private UnitNames() {}

    private static Map<String, Unit> table() {
        Map<String, Unit> units = new HashMap<>();
        for (String line : TABLE.lines().toList()) {
            List<String> cells = List.of(line.split(" ", -1));
            Unit unit = cells.get(2).equals(".")
                    ? Unit.base(cells.getFirst())
                    : UnitReader.read(cells.get(2), name -> Optional.ofNullable(units.get(name)))
                            .orElseThrow()
                            .sized(Rational.of(new BigDecimal(cells.get(1))));
            units.put(cells.getFirst(), unit);
            cells.subList(3, cells.size()).forEach(name -> units.put(name, unit));
        }
        return Map.copyOf(units);
    }

    /** The unit of this name, in one number or more, in capitals or not; empty where it is none. */
    static Optional<Unit> find(String name) {
        Unit exact = BY_NAME.get(name);
        if (exact != null || name.length() < 2) {
            return Optional.ofNullable(exact);
        }
        if (name.matches("M[a-z]")) { // a million of them, not a thousandth
            return Optional.empty();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(BY_NAME.get(lower))
                .or(() -> Optional.ofNullable(BY_NAME.get(singular(lower))))
                .or(() -> Optional.ofNullable(BY_NAME.get(singular(name))));
    }

    /** Words such as "boxes" lose their last letter alone, on both sides. */
    static String singular(String name) {
        return name.length() > 2 && name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }
}
