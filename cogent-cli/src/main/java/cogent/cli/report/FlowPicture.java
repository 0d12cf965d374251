package cogent.cli.report;

import cogent.cli.report.Flow.Link;
import cogent.cli.report.Flow.Place;
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

    /** A bar, or a slice of a band that passes the column on its way to a later one. */
    private static final class Slot {
        final Place place;
        final int column;
        final long count;
        final boolean isPass;
        final boolean isMain;
        double across;
        double filledIn;
        double filledOut;

        Slot(Place place, int column, long count, boolean isPass, boolean isMain) {
            this.place = place;
            this.column = column;
            this.count = count;
            this.isPass = isPass;
            this.isMain = isMain;
        }
    }

    /** A piece of a band between neighbouring columns. */
    private record Piece(Slot from, Slot to, long count, String tone) {}

    private final Flow flow;
    private final boolean wide;
    private final double alongStep;
    private final double leastSlot;
    private final double extent;
    private final List<List<Slot>> columns = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();

    private FlowPicture(Flow flow, boolean wide) {
        this.flow = flow;
        this.wide = wide;
        int last = flow.places().stream().mapToInt(Place::column).max().orElse(1);
        alongStep = wide ? (960.0 - 130) / Math.max(1, last) : 84;
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
        for (Piece piece : inOrder()) {
            out.append(band(piece, scale));
        }
        for (Slot slot :
                columns.stream().flatMap(List::stream).filter(s -> !s.isPass).toList()) {
            out.append(bar(slot, scale));
        }
        double along = alongStep * (columns.size() - 1) + (wide ? 130 : 50);
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
            out.append("%s to %s: %s. ".formatted(l.from().name(), l.to().name(), Numbers.count(l.count())));
        }
        return out.toString().strip();
    }

    private void slots() {
        Map<Place, Slot> slotOf = new HashMap<>();
        for (Place place : flow.places()) {
            slotOf.put(place, new Slot(place, place.column(), place.count(), false, place.main()));
        }
        for (Link link : flow.links()) {
            Slot at = slotOf.get(link.from());
            Slot end = slotOf.get(link.to());
            if (at == null || end == null) {
                continue;
            }
            for (int column = link.from().column() + 1; column < link.to().column(); column++) {
                Slot pass = new Slot(
                        link.from(), column, link.count(), true, link.to().main());
                columns.get(column).add(pass);
                pieces.add(new Piece(at, pass, link.count(), link.tone()));
                at = pass;
            }
            pieces.add(new Piece(at, end, link.count(), link.tone()));
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

    /** Bands leave and enter a bar in the order in which the other ends lie, so that they do not cross at it. */
    private List<Piece> inOrder() {
        return pieces.stream()
                .sorted(Comparator.<Piece>comparingInt(p -> p.from().column)
                        .thenComparingDouble(p -> p.to().across)
                        .thenComparingDouble(p -> p.from().across))
                .toList();
    }

    private String band(Piece piece, double scale) {
        double broad = breadth(piece.count(), scale);
        double a1 = piece.from().column * alongStep + (piece.from().isPass ? 0 : BAR);
        double a2 = piece.to().column * alongStep;
        double c1 = piece.from().across + piece.from().filledOut;
        double c2 = piece.to().across + piece.to().filledIn;
        piece.from().filledOut += broad;
        piece.to().filledIn += broad;
        double middle = (a1 + a2) / 2;
        String d = "M" + at(a1, c1) + "C" + at(middle, c1) + " " + at(middle, c2) + " " + at(a2, c2) + "L"
                + at(a2, c2 + broad) + "C" + at(middle, c2 + broad) + " " + at(middle, c1 + broad) + " "
                + at(a1, c1 + broad) + "Z";
        return Svg.path(d, "band t-" + piece.tone());
    }

    private String bar(Slot slot, double scale) {
        double along = slot.column * alongStep;
        double broad = Math.max(1.2, breadth(slot.count, scale));
        String tone = "bar t-" + slot.place.tone();
        String count = Numbers.count(slot.count);
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
