package cogent.report;

import cogent.report.Flow.Link;
import cogent.report.Flow.Place;
import cogent.report.chart.Svg;
import cogent.report.chart.Typography;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A flow as bands as broad as their counts, left to right for a wide screen, top to bottom for a narrow one. "Along" is
 * the way of the flow, "across" is at right angles to it.
 */
final class FlowPicture {
    private static final double BAR = 9;
    private static final double GAP = 12;
    /** Room for the outcomes' names on a wide screen. */
    private static final double LABEL = 84;

    /** A bar, or a slice of a band that passes the column on its way to a later one. */
    private static final class Slot {
        final Place place;
        final int column;
        final long count;
        final boolean isPass;
        final boolean isMain;
        double across;

        Slot(Place place, int column, long count, boolean isPass, boolean isMain) {
            this.place = place;
            this.column = column;
            this.count = count;
            this.isPass = isPass;
            this.isMain = isMain;
        }
    }

    /** A link as drawn: from bar to bar through the columns between them. */
    private static final class Band {
        final Link link;
        final List<Slot> slots;
        double outOffset;
        double inOffset;

        Band(Link link, List<Slot> slots) {
            this.link = link;
            this.slots = slots;
        }
    }

    private final Flow flow;
    private final boolean wide;
    private final double alongStep;
    private final double leastSlot;
    private final double extent;
    private final List<List<Slot>> columns = new ArrayList<>();
    private final List<Band> bands = new ArrayList<>();

    private FlowPicture(Flow flow, boolean wide) {
        this.flow = flow;
        this.wide = wide;
        int last = flow.places().stream().mapToInt(Place::column).max().orElse(1);
        alongStep = wide ? (960.0 - LABEL) / Math.max(1, last) : 84;
        leastSlot = wide ? 34 : 84;
        extent = wide ? 250 : 340;
        for (int i = 0; i <= last; i++) {
            columns.add(new ArrayList<>());
        }
    }

    /** Both pictures; the style sheet shows the one that fits. */
    static String figure(Flow flow) {
        return "<figure class=\"flow\">" + new FlowPicture(flow, true).svg() + new FlowPicture(flow, false).svg()
                + "</figure>\n";
    }

    private String svg() {
        slots();
        double scale = scale();
        double used = layOut(scale);
        StringBuilder out = new StringBuilder();
        attach(scale);
        bands.forEach(band -> out.append(draw(band, scale)));
        for (Slot slot :
                columns.stream().flatMap(List::stream).filter(s -> !s.isPass).toList()) {
            out.append(bar(slot, scale));
        }
        double along = alongStep * (columns.size() - 1) + (wide ? LABEL : 50);
        return Svg.picture(
                (int) Math.ceil(wide ? along : 360),
                (int) Math.ceil(wide ? used + 8 : along),
                "The way of the corpus",
                description(),
                wide ? "wide" : "narrow",
                out.toString());
    }

    private String description() {
        StringBuilder out = new StringBuilder();
        for (Link l : flow.links()) {
            out.append("%s to %s: %s. ".formatted(l.from().name(), l.to().name(), Typography.count(l.count())));
        }
        return out.toString().strip();
    }

    private void slots() {
        Map<Place, Slot> slotOf = new HashMap<>();
        for (Place place : flow.places()) {
            slotOf.put(place, new Slot(place, place.column(), place.count(), false, place.main()));
        }
        for (Link link : flow.links()) {
            Slot from = slotOf.get(link.from());
            Slot to = slotOf.get(link.to());
            if (from == null || to == null) {
                continue;
            }
            List<Slot> way = new ArrayList<>(List.of(from));
            for (int column = link.from().column() + 1; column < link.to().column(); column++) {
                Slot pass = new Slot(
                        link.from(), column, link.count(), true, link.to().main());
                columns.get(column).add(pass);
                way.add(pass);
            }
            way.add(to);
            bands.add(new Band(link, way));
        }
        flow.places().forEach(p -> columns.get(p.column()).add(slotOf.get(p)));
        // on top what goes to the rows, then the places, below what is left behind: so that bands do not cross
        columns.forEach(column -> column.sort(Comparator.comparingInt(s -> s.isPass ? (s.isMain ? 0 : 2) : 1)));
    }

    private double slotSize(Slot slot, double scale) {
        double broad = breadth(slot.count, scale);
        return slot.isPass ? broad : Math.max(broad, leastSlot);
    }

    private static double breadth(long count, double scale) {
        return count == 0 ? 0 : Math.max(1.2, count * scale);
    }

    private double size(List<Slot> column, double scale) {
        return column.stream().mapToDouble(s -> slotSize(s, scale)).sum() + GAP * (column.size() - 1);
    }

    /** Units for one sample: as many as the fullest column allows. */
    private double scale() {
        long most =
                Math.max(1, flow.places().stream().mapToLong(Place::count).max().orElse(1));
        for (double room = extent; room > 10; room -= 2) {
            double scale = room / most;
            if (columns.stream().allMatch(c -> size(c, scale) <= extent)) {
                return scale;
            }
        }
        return 10.0 / most;
    }

    private double layOut(double scale) {
        double used = columns.stream().mapToDouble(c -> size(c, scale)).max().orElse(0);
        for (List<Slot> column : columns) {
            double at = 4;
            for (Slot slot : column) {
                slot.across = at;
                at += slotSize(slot, scale) + GAP;
            }
        }
        return used + 4;
    }

    /** Bands leave and enter a bar in the order in which their other ends lie, so that they do not cross at it. */
    private void attach(double scale) {
        Map<Place, Double> filled = new HashMap<>();
        bands.sort(Comparator.comparingDouble(b -> b.slots.get(1).across));
        for (Band b : bands) {
            b.outOffset = filled.merge(b.link.from(), breadth(b.link.count(), scale), Double::sum)
                    - breadth(b.link.count(), scale);
        }
        filled.clear();
        bands.sort(Comparator.comparingDouble(b -> b.slots.get(b.slots.size() - 2).across));
        for (Band b : bands) {
            b.inOffset = filled.merge(b.link.to(), breadth(b.link.count(), scale), Double::sum)
                    - breadth(b.link.count(), scale);
        }
    }

    private String draw(Band band, double scale) {
        double broad = breadth(band.link.count(), scale);
        int last = band.slots.size() - 1;
        StringBuilder there = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (int i = 0; i < last; i++) {
            double a1 = band.slots.get(i).column * alongStep + (i == 0 ? BAR : 0);
            double a2 = band.slots.get(i + 1).column * alongStep;
            double c1 = band.slots.get(i).across + (i == 0 ? band.outOffset : 0);
            double c2 = band.slots.get(i + 1).across + (i + 1 == last ? band.inOffset : 0);
            double middle = (a1 + a2) / 2;
            there.append(i == 0 ? "M" + at(a1, c1) : "")
                    .append("C" + at(middle, c1) + " " + at(middle, c2) + " " + at(a2, c2));
            back.insert(
                    0,
                    (i + 1 == last ? "L" + at(a2, c2 + broad) : "") + "C" + at(middle, c2 + broad) + " "
                            + at(middle, c1 + broad) + " " + at(a1, c1 + broad));
        }
        return Svg.path(there.append(back).append("Z").toString(), "band t-" + band.link.tone());
    }

    private String bar(Slot slot, double scale) {
        double along = slot.column * alongStep;
        double broad = Math.max(1.2, breadth(slot.count, scale));
        String tone = "bar t-" + slot.place.tone();
        String count = Typography.count(slot.count);
        if (wide) {
            double middle = slot.across + Math.max(broad, 26) / 2;
            return Svg.rect(along, slot.across, BAR, broad, tone)
                    + Svg.text(along + BAR + 7, middle - 2, "start", "label halo", slot.place.name())
                    + Svg.text(along + BAR + 7, middle + 13, "start", "label strong halo", count);
        }
        return Svg.rect(slot.across, along, broad, BAR, tone)
                + Svg.text(slot.across, along + BAR + 15, "start", "label halo", slot.place.name())
                + Svg.text(slot.across, along + BAR + 30, "start", "label strong halo", count);
    }

    private String at(double along, double across) {
        return wide ? Svg.number(along) + " " + Svg.number(across) : Svg.number(across) + " " + Svg.number(along);
    }
}
