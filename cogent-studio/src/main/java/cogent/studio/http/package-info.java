/** The local HTTP server: who may ask, what was asked, and what is answered. */
@NullMarked
package cogent.studio.http;

import org.jspecify.annotations.NullMarked;
