package cogent.pipeline.keys;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The keys of this component, a record, stand among those of the section itself: what several sections share. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Unwrapped {
    /** Defaults in which this section differs, as a YAML mapping. */
    String value() default "";
}
