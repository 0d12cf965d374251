# Finds a JDK 25 or newer and exports JAVA_HOME; sourced by ./cogent and ./mvnw.
# Order: COGENT_JAVA_HOME, JAVA_HOME, the java on PATH, the usual folders.

cogent_jdk_is_new_enough() { # $1 = a JDK home
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release")
  [ -n "$version" ] && [ "$version" -ge 25 ]
}

cogent_find_jdk() {
  for home in "${COGENT_JAVA_HOME-}" "${JAVA_HOME-}"; do
    if [ -n "$home" ] && cogent_jdk_is_new_enough "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  javac=$(command -v javac 2>/dev/null) || javac=
  if [ -n "$javac" ]; then
    home=$(dirname "$(dirname "$(readlink -f "$javac" 2>/dev/null || printf '%s' "$javac")")")
    if cogent_jdk_is_new_enough "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  fi
  for folder in /usr/lib/jvm /usr/java /opt /opt/java /opt/jdk "${HOME-}/.sdkman/candidates/java" "${HOME-}/.jdks" \
    /Library/Java/JavaVirtualMachines "${HOME-}/Library/Java/JavaVirtualMachines" /opt/homebrew/opt; do
    [ -d "$folder" ] || continue
    # find, not a glob: the Maven wrapper switches globbing off
    for release in $(find -L "$folder" -maxdepth 4 -name release -type f 2>/dev/null | sort); do
      home=$(dirname "$release")
      if cogent_jdk_is_new_enough "$home"; then
        printf '%s\n' "$home"
        return 0
      fi
    done
  done
  return 1
}

if ! JAVA_HOME=$(cogent_find_jdk); then
  echo "Cogent needs a JDK 25 or newer: install one (e.g. https://adoptium.net) or set COGENT_JAVA_HOME to its folder." >&2
  exit 1
fi
export JAVA_HOME
