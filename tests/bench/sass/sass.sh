#!/usr/bin/env bash
# Counts the instructions that a GPU takes for a weight of a trellis plane of the nested codec. No card is needed, nothing is run.
#
#   bash tests/bench/sass/sass.sh [ARCHITECTURE ..]     (sm_80 sm_90a)
#
# Needs nvcc and nvdisasm of the CUDA toolkit, in PATH or named by NVCC and NVDISASM, and python3. Fails above 5 instructions a lane and weight at
# 3 bits; at 2.4 they would take as long as an H200 takes to read the planes.
set -euo pipefail
cd "$(dirname "$0")"
export PATH=$PATH:/usr/local/cuda/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- sm_80 sm_90a
for architecture; do
    "${NVCC:-nvcc}" -std=c++17 -arch="$architecture" -cubin -o "$work/plane.cubin" nested_plane.cu
    "${NVDISASM:-nvdisasm}" -c "$work/plane.cubin" >"$work/plane.sass"
    python3 - "$work/plane.sass" "$architecture" <<'PY'
import re, sys
labels, loop, count = {}, None, 0
for line in open(sys.argv[1]):
    if label := re.match(r"(\.L_x_\d+):", line):
        labels[label[1]] = count
    elif re.match(r"\s+/\*[0-9a-f]{4}\*/", line):
        count += 1
        back = re.search(r"BRA `\((\.L_x_\d+)\)", line)
        if back and loop is None and back[1] in labels:
            loop = count - labels[back[1]]
weights = 64 * 256 / 32  # a lane's, of one plane
at3 = 3 * loop / weights
print(f"{sys.argv[2]}: {loop} instructions for a plane of {weights:.0f} weights a lane, {at3:.2f} a weight at 3 bits")
sys.exit(0 if at3 <= 5 else 1)
PY
done
