#!/usr/bin/env bash
# Makes the README's curve of the codec `nested` again: one file, compressed once, at the sizes of the table, and the divergence
# from the dense model at 24 sizes from the smallest to the largest.
#
#   bash tests/bench/curve.sh MODEL [FOLDER]    MODEL: file or folder; the README uses the demo model's twin, the same function with its
#                                               weights off the 4-bit grid they were released on.
#                                               FOLDER holds wikitext2-test-a.txt and calibration-mixed.txt (default: ../shared/data)
# Needs python3. About 3 minutes to compress, 35 seconds for each size of the table and 12 for each of the 24.
set -euo pipefail
cd "$(dirname "$0")/../.."
model=${1:?usage: curve.sh MODEL [FOLDER]}
data=${2:-../shared/data}
bitstack=${BITSTACK:-build/release/bin/bitstack}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stack=${STACK:-$work/curve.bitstack} # STACK: one that was made before

if [ ! -f "$stack" ]; then
    echo "== compress"
    "$bitstack" compress "$model" -o "$stack" --calibration "$data/calibration-mixed.txt" --json 2>/dev/null
fi
"$bitstack" inspect "$stack" --json >"$work/inspect.json"

echo "== perplexity, first 8 windows of the test text"
sizes=(150MB 105.5MB 88.2MB 75MB 61MB 50MB 40MB min)
"$bitstack" eval perplexity "$stack" --text "$data/wikitext2-test-a.txt" --chunks 8 --no-store --json \
    "${sizes[@]/#/--budget=}" 2>/dev/null >"$work/sizes.json"

echo "== divergence from the dense model at 24 sizes, first 2 windows"
mapfile -t steps < <(python3 - "$work/inspect.json" <<'PY'
import json, sys
stack = json.load(open(sys.argv[1]))["stack"]
least, most = stack["smallest_bytes"], stack["largest_bytes"]
for i in range(24):
    print(round(least * (most / least) ** (i / 23)))
PY
)
"$bitstack" eval perplexity "$stack" --text "$data/wikitext2-test-a.txt" --chunks 2 --no-store --json --reference "$model" \
    "${steps[@]/#/--budget=}" 2>/dev/null >"$work/steps.json"

python3 - "$work" <<'PY'
import json, sys
work = sys.argv[1]
load = lambda name: json.load(open(f"{work}/{name}.json"))
for p in load("inspect")["predicted"]:
    print(f"{p['budget_bytes'] / 1e6:8.1f} MB: rise predicted {p['predicted_rise']:.4f} measured {p['measured_rise']:.4f}")
for r in load("sizes")["results"]:
    print(f"{r['file_bytes']:>11} bytes: perplexity {r['perplexity']:.3f} +- {r['perplexity_error']:.3f}")
last, falls = None, True
for r in load("steps")["results"]:
    falls = falls and (last is None or r["kld_mean"] <= last)
    last = r["kld_mean"]
    print(f"{r['file_bytes']:>11} bytes: divergence {r['kld_mean']:.5f}, same top token {100 * r['same_top']:.2f} %")
print("divergence falls at every step" if falls else "divergence does NOT fall at every step")
sys.exit(0 if falls else 1)
PY
