package cogent.pipeline.keys;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a component of a record as a key of a YAML file, named after it in snake case. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** What it means, in a few words. */
    String doc();

    /** The value where none is given, in YAML. Of a section: what differs from its own record's defaults. */
    String def() default "";

    /** Numbers that make sense, as an interval: {@code [0,1)} leaves 1 out, {@code [1,)} has no upper end. */
    String range() default "";

    /**
     * Whether it says how, where or how dear to compute, but not what comes out; also of a file whose contents are an
     * input of their own. Such a key is part of no identity.
     */
    boolean operational() default false;

    /** Whether its texts are paths, in which {@code ~} and <code>${VARIABLE}</code> stand for something. */
    boolean path() default false;

    /** Of a mapping from keys to values: the section some of whose keys it holds. */
    Class<? extends Record> of() default Record.class;

    /** What other tools call it. */
    String[] aka() default {};
}
