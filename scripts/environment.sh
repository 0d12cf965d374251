# The environment that Cogent's JVM starts in; sourced by both launchers.

# A training step frees and asks for the same large tensors again and again: keep their pages (docs/performance.md).
# glibc maps each anew otherwise, which cost a fifth of a step. What the user has set stays.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-1}" MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_-17179869184}" \
  MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_-17179869184}"

# Java names files in the locale's encoding; in the one of C, which cron and containers have, and wherever the locale named
# is not installed, an umlaut in a path is none.
case "$(locale charmap 2>/dev/null)" in
  "" | ANSI_X3.4-1968 | US-ASCII | 646) export LC_ALL=C.UTF-8 ;;
esac
