#!/usr/bin/env bash
# Makes the README's figures of the demo model again: compress time, perplexity, speed.
#
#   bash tests/bench/demo.sh [FOLDER]     FOLDER holds wikitext2-test-a.txt, wikitext2-valid.txt and
#                                         calibration-mixed.txt (default: ../shared/data)
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-../shared/data}
for file in wikitext2-test-a.txt wikitext2-valid.txt calibration-mixed.txt; do
    if [ ! -f "$data/$file" ]; then
        echo "demo.sh: $data/$file is missing; give the folder that has it" >&2
        exit 3
    fi
done
bitstack=build/release/bin/bitstack
model=$(bash installer/fetch-demo-model.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
eval8() { "$bitstack" eval perplexity "$1" --text "$data/wikitext2-test-a.txt" --chunks 8 --no-store "${@:2}" 2>/dev/null; }

echo "== machine"
grep -m 1 'model name' /proc/cpuinfo || true
"$bitstack" --version
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"

echo "== compress, 8 blocks, 16384 tokens of a file"
"$bitstack" compress "$model" -o "$work/d.bitstack" --codec bitstack --blocks 8 \
    --calibration "$data/calibration-mixed.txt" --calibration-tokens 16384 --json 2>/dev/null

echo "== speed: dense, depth 4, depth 8"
"$bitstack" bench "$model" --json --no-store 2>/dev/null
"$bitstack" bench "$work/d.bitstack" --depth 4 --json --no-store 2>/dev/null
"$bitstack" bench "$work/d.bitstack" --depth 8 --json --no-store 2>/dev/null

echo "== compress, 8 blocks, the model writes its own text (cache emptied for this run)"
XDG_CACHE_HOME=$work/cache "$bitstack" compress "$model" -o "$work/s.bitstack" --codec bitstack --blocks 8 --json 2>/dev/null

echo "== compress, 16 blocks, 32768 tokens of the validation text"
"$bitstack" compress "$model" -o "$work/v.bitstack" --codec bitstack \
    --calibration "$data/wikitext2-valid.txt" --calibration-tokens 32768 --json 2>/dev/null

echo "== compress, codec nested, 32768 tokens of the validation text"
"$bitstack" compress "$model" -o "$work/n.bitstack" \
    --calibration "$data/wikitext2-valid.txt" --calibration-tokens 32768 --json 2>/dev/null
echo "== speed of nested: 60 MB, all"
"$bitstack" bench "$work/n.bitstack" --budget 60MB --json --no-store 2>/dev/null
"$bitstack" bench "$work/n.bitstack" --json --no-store 2>/dev/null

echo "== perplexity, first 8 windows: dense; depths 3, 4, 6; five budgets; nested at six"
eval8 "$model"
eval8 "$work/v.bitstack" --depth 3 --depth 4 --depth 6
eval8 "$work/v.bitstack" --budget min --budget 120MB --budget 160MB --budget 240MB --budget max
eval8 "$work/n.bitstack" --budget min --budget 40MB --budget 60MB --budget 80MB --budget 100MB --budget max
