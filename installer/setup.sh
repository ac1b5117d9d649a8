#!/usr/bin/env bash
# Installs the Debian 12 packages BitStack Workbench is built and tested with.
# Run as root, or as a user who may use sudo. Does nothing when all of them are there.
#
#   bash installer/setup.sh [--headless] [--ci] [--list]
#
#   --headless   leave Qt and the window's test tools out
#   --ci         add what only the automatic checks use (clang-tidy)
#   --list       print the packages, one a line, and install nothing
set -euo pipefail

# Compiler, build tools, and what fetch-demo-model.sh calls.
packages=(build-essential cmake ninja-build ccache git ca-certificates unzip python3 python3-pip)
# Libraries of core and of the command line. OpenBLAS in the variant with POSIX threads: OpenMP
# would start threads of its own beside our pool.
packages+=(libeigen3-dev libopenblas-pthread-dev libsqlite3-dev nlohmann-json3-dev libcli11-dev
           libpcre2-dev libutf8proc-dev libxxhash-dev zlib1g-dev doctest-dev)
# The window; libgl-dev because Qt 6's CMake files ask for OpenGL's headers; a font, because a bare
# system has none and the chart is drawn without a display, too.
window=(qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-l10n-tools qt6-qpa-plugins libgl-dev
        libqcustomplot-dev libspdlog-dev qt6-translations-l10n fonts-dejavu-core xauth xvfb openbox xdotool)

headless=no
list=no
for option in "$@"; do
    case "$option" in
    --headless) headless=yes ;;
    --ci) packages+=(clang-tidy) ;;
    --list) list=yes ;;
    *) echo "setup.sh: unknown option $option (known: --headless, --ci, --list)" >&2; exit 2 ;;
    esac
done
if [ "$headless" = no ]; then
    packages+=("${window[@]}")
fi
if [ "$list" = yes ]; then
    printf '%s\n' "${packages[@]}"
    exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "setup.sh: this is not a Debian system (no dpkg-query or apt-get); install by hand what" \
         "\`bash installer/setup.sh --list\` names" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    if [ "$state" != installed ]; then
        missing+=("$package")
    fi
done
if [ "${#missing[@]}" -eq 0 ]; then
    echo "setup.sh: all ${#packages[@]} packages are installed"
    exit 0
fi

asRoot=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup.sh: these packages are missing, and installing them needs root or sudo:" \
             "${missing[*]}" >&2
        exit 1
    fi
    asRoot=(sudo)
fi

echo "setup.sh: installing ${#missing[@]} of ${#packages[@]} packages: ${missing[*]}"
"${asRoot[@]}" apt-get update -q
"${asRoot[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
