package cogent.answer.math;

/** A complex number in double precision; undefined operations give NaN. */
public record Complex(double re, double im) {
    public static final Complex NAN = real(Double.NaN);
    static final Complex I = new Complex(0, 1);

    public static Complex real(double re) {
        return new Complex(re, 0);
    }

    public boolean isReal() {
        return Math.abs(im) <= 1e-12 * (1 + Math.abs(re));
    }

    public boolean isFinite() {
        return Double.isFinite(re) && Double.isFinite(im);
    }

    public double abs() {
        return Math.hypot(re, im);
    }

    Complex plus(Complex o) {
        return new Complex(re + o.re, im + o.im);
    }

    public Complex minus(Complex o) {
        return new Complex(re - o.re, im - o.im);
    }

    Complex times(Complex o) {
        if (im == 0 && o.im == 0) {
            return real(re * o.re); // keeps infinities free of NaN
        }
        return new Complex(re * o.re - im * o.im, re * o.im + im * o.re);
    }

    public Complex over(Complex o) {
        if (im == 0 && o.im == 0) {
            return o.re == 0 ? NAN : real(re / o.re);
        }
        double norm = o.re * o.re + o.im * o.im;
        return norm == 0 ? NAN : new Complex((re * o.re + im * o.im) / norm, (im * o.re - re * o.im) / norm);
    }

    Complex exp() {
        double size = Math.exp(re);
        return im == 0 ? real(size) : new Complex(size * Math.cos(im), size * Math.sin(im));
    }

    Complex log() {
        return abs() == 0 ? NAN : new Complex(Math.log(abs()), Math.atan2(im, re));
    }

    /** Principal value. */
    Complex power(Complex exponent) {
        if (abs() == 0) {
            return exponent.re > 0 ? real(0) : exponent.abs() == 0 ? real(1) : NAN;
        }
        if (im == 0 && exponent.im == 0 && (re > 0 || exponent.re == Math.rint(exponent.re))) {
            return real(Math.pow(re, exponent.re));
        }
        return exponent.times(log()).exp();
    }

    Complex sin() {
        return im == 0 ? real(Math.sin(re)) : new Complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));
    }

    Complex cos() {
        return im == 0 ? real(Math.cos(re)) : new Complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));
    }
}
