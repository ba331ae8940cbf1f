#!/usr/bin/env bash
# The same night on a cluster of this machine (scheduler and two executors on loopback) and on its local
# engine, by the same program: seconds, processor seconds and peak memory of every process, and whether the
# published bytes are equal.
# usage: benches/cluster.sh CLIENTS [FOLDER] [PARTITIONS] [more options of `clientele-cluster run`]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clients=${1:?usage: benches/cluster.sh CLIENTS [FOLDER] [PARTITIONS] [options of run]}
folder=${2:-${TMPDIR:-/tmp}/clientele-bench-$clients}
partitions=${3:-8}
shift $(($# > 3 ? 3 : $#))
as_of=2026-11-20
port=50150

program=${CLIENTELE_CLUSTER_BIN:-}
if [ -z "$program" ]; then
    target="${CARGO_TARGET_DIR:-$PWD/crates/cluster/target}"
    CARGO_TARGET_DIR=$target cargo build --release --locked --quiet --manifest-path crates/cluster/Cargo.toml
    program=$target/release/clientele-cluster
fi
if [ ! -e "$folder/night/20261120" ]; then
    mkdir -p "$folder"
    cargo run --release --locked --quiet -- synth --clients "$clients" --seed 7 --as-of "$as_of" --out "$folder" | tail -n 1
fi

measured() { /usr/bin/time -f "$1 %e %U %S %M" -a -o "$folder/cluster.txt" "${@:2}"; }
night() {
    local lake=$1
    rm -rf "$folder/$lake"
    measured "$lake" "$program" run jobs/nightly.toml --as-of "$as_of" --extracts "$folder/night/20261120" \
        --lake "$folder/$lake" --progress none "${@:2}" >"$folder/$lake.log"
    sed -n '/^ *stage  /,/ranges\?(s)\? of the key space/p' "$folder/$lake.log"
}

rm -rf "$folder/cluster.txt" "$folder/work1" "$folder/work2"
night lake-local --local "$@"

measured scheduler "$program" scheduler --port $port 2>"$folder/scheduler.log" &
sleep 1
for n in 1 2; do
    measured "executor$n" "$program" executor --scheduler-port $port --slots 1 --work-dir "$folder/work$n" \
        2>"$folder/executor$n.log" &
done
sleep 2
night lake-cluster --scheduler-port $port --partitions "$partitions" "$@"
pkill -TERM -f "^$program executor" || true
sleep 3
pkill -TERM -f "^$program scheduler" || true
wait || true

published() { (cd "$folder/$1"/segments/data/*/ && find . -name '*.parquet' | sort | xargs sha256sum; sha256sum manifest.json); }
if [ "$(published lake-local)" = "$(published lake-cluster)" ]; then echo "published bytes: equal"; else echo "published bytes: DIFFERENT"; fi
awk 'NF != 5 { next } { printf "%-14s %8.1f s  %8.1f CPU s  %7.0f MiB\n", $1, $2, $3 + $4, $5 / 1024 }
     $1 == "lake-local" { here = $3 + $4 } $1 != "lake-local" { there += $3 + $4 }
     END { printf "CPU seconds: cluster %.1f, local %.1f, ratio %.2f\n", there, here, there / here }' "$folder/cluster.txt"
