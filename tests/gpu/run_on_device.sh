#!/usr/bin/env bash
# Runs the tests of gpu natively and the benchmarks, on a machine with an NVIDIA card. Builds nothing: target gpu_native does.
#
#   bash tests/gpu/run_on_device.sh [FOLDER]     (where the programs lie: build/release/bin)
#
# cuBLAS must be found by the loader (LD_LIBRARY_PATH); nothing else is needed there. Fails if a test does.
set -euo pipefail
folder=${1:-$(dirname "$0")/../../build/release/bin}
failed=0
for test in "$folder"/tst_*_native; do
    echo "== $(basename "$test")"
    "$test" || failed=1
    if command -v compute-sanitizer >/dev/null; then
        compute-sanitizer --error-exitcode 1 "$test" >/dev/null || { echo "compute-sanitizer found something"; failed=1; }
    fi
done
for bench in "$folder"/bench_nested_product "$folder"/bench_bitstack_product; do
    echo "== $(basename "$bench")"
    "$bench" || failed=1
done
exit $failed
