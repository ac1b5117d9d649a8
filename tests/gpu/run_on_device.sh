#!/usr/bin/env bash
# Runs the tests of gpu natively, the benchmarks and, with a stack, the model itself on an NVIDIA card. Builds nothing: target gpu_native does.
#
#   bash tests/gpu/run_on_device.sh [FOLDER [STACK TEXT]]
#
# From the repository's root. FOLDER: where the programs lie (build/release/bin). STACK and TEXT: a .bitstack file of the demo model (60 MB are
# enough) and a text, for perplexities and answers of the card beside those of the processor; `bitstack` must lie in FOLDER, too.
# The loader must find cuBLAS and OpenBLAS (LD_LIBRARY_PATH), for `bitstack` also its other libraries. The engine's benchmark writes 21 GB to
# BS_ROOM (a new folder under /tmp) and removes them. Fails if a test does.
set -euo pipefail
folder=${1:-$(dirname "$0")/../../build/release/bin}
stack=${2:-}
text=${3:-}
failed=0
run() {
    echo "== $*"
    "$@" || failed=1
}

for test in "$folder"/tst_*_native; do
    run "$test"
    if command -v compute-sanitizer >/dev/null; then
        compute-sanitizer --error-exitcode 1 "$test" >/dev/null || { echo "compute-sanitizer found something"; failed=1; }
    fi
done

run "$folder/bench_nested_product"
run "$folder/bench_bitstack_product"
run "$folder/bench_gpu_compress"
room=${BS_ROOM:-$(mktemp -d)}
run "$folder/bench_gpu_engine" "$room"
rm -rf "$room/large.bitstack" "$room/large-f16"

if [ -n "$stack" ]; then
    sizes=(min 35MB 43MB 52MB max)
    for device in cpu cuda; do
        run "$folder/bitstack" eval perplexity "$stack" --text "$text" --context 512 --chunks 4 --no-store --device $device \
            "${sizes[@]/#/--budget=}"
        run "$folder/bitstack" generate "$stack" --prompt "Write a short story about a dog." --max-tokens 32 --temperature 0 --device $device
    done
fi
exit $failed
