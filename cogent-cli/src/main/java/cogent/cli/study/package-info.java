/** Studies: a grid of runs, its progress and what it comes to. */
@org.jspecify.annotations.NullMarked
package cogent.cli.study;
