#!/usr/bin/env python3
"""Table of the peers that peers_llama_cpp.sh measured, and ours beside the best of them at some sizes.

Prints both, and writes peers.md and peers.jsonl (and against.md) into the --out folder.
"""
import argparse
import json
import os
import re
import subprocess
import sys

UNITS = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def bytes_of(size):
    """105.5MB -> 105500000, as `bitstack --budget` reads it."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([A-Za-z]*)", size)
    if not match or match[2] not in UNITS:
        raise argparse.ArgumentTypeError(f"{size} is no size such as 105.5MB")
    return int(float(match[1]) * UNITS[match[2]] + 0.5)


def read_peers(path):
    """Files sorted by bytes, those on the lower hull marked, and the pairs that were refused."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    refused = [row for row in rows if row.get("refused")]
    made = sorted((row for row in rows if not row.get("refused")),
                  key=lambda row: (row["bytes"], row["perplexity"]))
    lowest = float("inf")
    for row in made:
        row["best"] = row["perplexity"] < lowest
        lowest = min(lowest, row["perplexity"])
    return made, refused


def peer_table(made, refused):
    lines = ["| type | embedding | bytes | perplexity | best so far |", "|---|---|--:|--:|:-:|"]
    for row in made:
        lines.append(f"| {row['type']} | {row['embedding']} | {row['bytes']:,} "
                     f"| {row['perplexity']:.4f} ± {row['perplexity_error']:.2f} "
                     f"| {'*' if row['best'] else ''} |")
    lines += ["", f"{len(made)} files; * no file of at most the same bytes has a lower perplexity."]
    if refused:
        names = ", ".join(f"{row['type']} with {row['embedding']}" for row in refused)
        lines.append(f"llama-quantize refuses (type with embedding type): {names}.")
    return "\n".join(lines) + "\n"


def measure_ours(options, budget):
    """Our size and perplexity within one budget; None where the smallest plan is larger."""
    command = [options.bitstack, "eval", "perplexity", options.against, "--text", options.text,
               "--context", str(options.context), "--chunks", str(options.chunks),
               "--threads", str(options.threads), "--budget", str(budget), "--json", "--no-store"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 4:
        return None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        sys.exit(f"peers_table.py: bitstack ended with {done.returncode}: {last[0]}")
    return json.loads(done.stdout)["results"][0]


def against_table(options, made):
    lines = ["| budget | ours: bytes | perplexity | best peer within the budget | bytes | perplexity | ours is |",
             "|--:|--:|--:|---|--:|--:|---|"]
    for budget in options.budgets:
        ours = measure_ours(options, budget)
        within = [row for row in made if row["bytes"] <= budget]
        peer = min(within, key=lambda row: row["perplexity"]) if within else None
        cells = [f"{budget:,}"]
        if ours:
            cells += [f"{ours['file_bytes']:,}", f"{ours['perplexity']:.4f} ± {ours['perplexity_error']:.2f}"]
        else:
            cells += ["not that small", ""]
        if peer:
            cells += [f"{peer['type']}, embedding {peer['embedding']}", f"{peer['bytes']:,}",
                      f"{peer['perplexity']:.4f}"]
        else:
            cells += ["none this small", "", ""]
        if ours and peer:
            # A peer's figure has four digits after the point; compare what is shown.
            cells.append("at or below" if round(ours["perplexity"], 4) <= peer["perplexity"] else "ABOVE")
        else:
            cells.append("alone" if ours else "")
        lines.append("| " + " | ".join(cells) + " |")
        print(f"measured within {budget:,} bytes", file=sys.stderr)
    return "\n".join(lines) + "\n"


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", help="the measurements, one JSON object a line")
    parser.add_argument("--out", required=True, help="folder for peers.md and peers.jsonl")
    parser.add_argument("--against", help="a .bitstack file")
    parser.add_argument("--bitstack", help="the program to measure it with")
    parser.add_argument("--text")
    parser.add_argument("--chunks", type=int, default=8)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--budgets", nargs="+", type=bytes_of, default=[])
    options = parser.parse_args()
    made, refused = read_peers(options.peers)
    os.makedirs(options.out, exist_ok=True)
    table = peer_table(made, refused)
    print(table)
    write(options.out, "peers.md", table)
    target = os.path.join(options.out, "peers.jsonl")
    # The measurements themselves are only ever appended to, never rewritten.
    if not (os.path.exists(target) and os.path.samefile(target, options.peers)):
        write(options.out, "peers.jsonl", "".join(json.dumps(row) + "\n" for row in made + refused))
    if options.against:
        table = against_table(options, made)
        print(table)
        write(options.out, "against.md", table)


if __name__ == "__main__":
    main()
