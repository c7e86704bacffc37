#!/usr/bin/env bash
# How fast files come in, on the embedded database and on PostgreSQL, beside what bare SQLite takes for the same file.
#
#   bench/import.sh TOWN [ROWS]      TOWN: a folder made by `motcua simulate`; ROWS: at most so many of each file (default 200,000)
#
# MOTCUA: the program (default build/release/motcua). KINDS: which (default: all that stand in TOWN, in the order below).
# MOTCUA_BENCH_DATABASE: a postgresql:// address of an empty database; without it a cluster of its own is started on a socket.
# Columns: rows a second by the clock; processor time of all threads (user + system) in microseconds a row; bytes written a row; and a hash
# of the counts, which is the same on both databases and on every machine. "limit" is `sqlite3 .import` of the file into one table without index.
set -euo pipefail
town="${1:?a folder made by motcua simulate}"
rows="${2:-200000}"
motcua="$(realpath "${MOTCUA:-$(dirname "$0")/../build/release/motcua}")"
kinds="${KINDS:-residents ncovi vhd bluezone-users bluezone-trace encounters visits tests doses}"
work="$(mktemp -d "${TMPDIR:-/tmp}/import_bench.XXXXXX")"
cluster=""
finish() {
  [ -z "$cluster" ] || stop_cluster
  rm -rf "$work"
}
trap finish EXIT

# PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi; }
start_cluster() {
  local bin=/usr/lib/postgresql/15/bin
  mkdir "$work/pg" && chmod 711 "$work"
  [ "$(id -u)" != 0 ] || chown postgres "$work/pg"
  as_postgres "$bin/initdb" -D "$work/pg/data" -U motcua -A trust -E UTF8 --locale=C >"$work/initdb.log"
  as_postgres "$bin/pg_ctl" -D "$work/pg/data" -w -o "-c listen_addresses='' -k $work/pg -c max_wal_size=2GB" -l "$work/pg/log" start >"$work/start.log"
  cluster="$work/pg/data"
  psql -q -h "$work/pg" -U motcua -d postgres -c "CREATE DATABASE bench TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
  MOTCUA_BENCH_DATABASE="postgresql://motcua@/bench?host=$work/pg"
}
stop_cluster() { as_postgres /usr/lib/postgresql/15/bin/pg_ctl -D "$cluster" -m immediate stop >/dev/null 2>&1 || true; }

# line NAME KIND ROWS COMMAND...: runs it and prints a line. The command's standard output is the summary that is hashed.
line() {
  python3 - "$@" <<'PY'
import hashlib, json, resource, subprocess, sys, time
name, kind, rows, *command = sys.argv[1:]
began = time.monotonic()
done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode not in (0, 1):
    sys.exit(f"{name} {kind}: status {done.returncode}: {done.stderr.strip()[-300:]}")
rows = max(int(rows), 1)
try:
    told = json.loads(done.stdout)
    counts = " ".join(str(told[k]) for k in ("read", "accepted", "updated", "unchanged", "rejected"))
except (ValueError, KeyError):
    counts = ""
hashed = hashlib.sha256(f"{kind} {counts}".encode()).hexdigest()[:12] if counts else "-"
print(f"{name:<10} {kind:<15} {rows:>9} {rows / wall:>9.0f} {(used.ru_utime + used.ru_stime) / rows * 1e6:>8.1f} "
      f"{used.ru_oublock * 512 / rows:>8.0f}  {hashed:<12}  {counts}", flush=True)
PY
}

echo "$(date -u +%Y-%m-%d)  $(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg) at the start"
echo "$(sqlite3 --version | cut -d' ' -f1 | sed 's/^/SQLite /'), $(/usr/lib/postgresql/15/bin/postgres --version)"
printf '%-10s %-15s %9s %9s %8s %8s  %-12s  %s\n' on kind rows rows/s us/row bytes/row hash "read accepted updated unchanged rejected"
[ -n "${MOTCUA_BENCH_DATABASE:-}" ] || start_cluster
for home in sqlite postgres; do "$motcua" import units "$town/units.csv" --data "$work/$home" \
  $([ "$home" = sqlite ] || echo "--database $MOTCUA_BENCH_DATABASE") >/dev/null; done
for kind in $kinds; do
  [ -f "$town/$kind.csv" ] || continue
  head -n $((rows + 1)) "$town/$kind.csv" >"$work/$kind.csv"
  count=$(($(wc -l <"$work/$kind.csv") - 1))
  line limit "$kind" "$count" sqlite3 "$work/limit.sqlite" "PRAGMA journal_mode=WAL" "PRAGMA synchronous=FULL" ".import --csv $work/$kind.csv t"
  line sqlite "$kind" "$count" "$motcua" import "$kind" "$work/$kind.csv" --data "$work/sqlite" --json
  line postgresql "$kind" "$count" "$motcua" import "$kind" "$work/$kind.csv" --data "$work/postgres" --database "$MOTCUA_BENCH_DATABASE" --json
  rm -f "$work/limit.sqlite"* "$work/$kind.csv"
done
echo "Processor time and bytes of PostgreSQL are the client's alone."
