# Sourced by the scripts that compare with llama.cpp: builds it from PyPI's source package of llama-cpp-python, which carries all of
# it. Uses $cache (a folder), $threads, $model, $imatrixText and fail(); sets $build.
package=llama-cpp-python
version=0.3.36

# Fetches the source package and unpacks only llama.cpp out of it.
fetchSource() {
    local source=$cache/llama.cpp-$version/source archive
    [ -f "$source/CMakeLists.txt" ] && return
    scratch=$(mktemp -d "$cache/fetch.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    python3 -m pip download --quiet --no-deps --no-binary "$package" --dest "$scratch" \
        "$package==$version" >&2 ||
        fail "pip could not get the source package $package $version; is this machine online?"
    archive=$(find "$scratch" -name '*.tar.gz' | head -n 1)
    mkdir "$scratch/source"
    tar -xzf "$archive" -C "$scratch/source" --strip-components=3 --wildcards '*/vendor/llama.cpp'
    mkdir -p "$(dirname "$source")"
    mv "$scratch/source" "$source"
}

# buildTools TOOL...: builds what is missing of llama.cpp's programs, to $build/bin.
buildTools() {
    local tool missing=''
    build=$cache/llama.cpp-$version/build
    for tool in "$@"; do
        [ -x "$build/bin/$tool" ] || missing=yes
    done
    [ -n "$missing" ] || return 0
    fetchSource
    local log=$cache/llama.cpp-$version/build.log
    echo "building llama.cpp of $package $version (once; $log)" >&2
    cmake -S "$cache/llama.cpp-$version/source" -B "$build" -G Ninja --log-level=WARNING \
        -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DLLAMA_OPENSSL=OFF \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF \
        -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF >"$log" 2>&1 ||
        fail "llama.cpp could not be configured: see $log"
    cmake --build "$build" -j "$threads" --target "$@" >>"$log" 2>&1 ||
        fail "llama.cpp could not be built: see $log"
}

# Makes imatrix.gguf of $model in the folder it is called in, unless it is there.
makeImatrix() {
    [ -f imatrix.gguf ] && return
    echo "importance matrix from 80 x 512 tokens" >&2
    "$build/bin/llama-imatrix" -m "$model" -f "$imatrixText" -c 512 --chunks 80 -t "$threads" \
        --no-ppl -o imatrix.partial.gguf >imatrix.log 2>&1 </dev/null ||
        fail "llama-imatrix failed: see $PWD/imatrix.log"
    mv imatrix.partial.gguf imatrix.gguf
}
