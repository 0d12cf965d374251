/** The native jars of an application archive, which it does not bring itself: docs/install.md. */
@NullMarked
package cogent.cli.natives;

import org.jspecify.annotations.NullMarked;
