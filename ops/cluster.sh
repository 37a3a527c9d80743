#!/usr/bin/env bash
# Shows a cluster of workers on one machine, on a PostgreSQL of its own. Needs root. ROWS is about 0.83 of PEOPLE.
#   ops/cluster.sh rolling PEOPLE [SECONDS]   four workers, one killed with -9 every 5 s and started again
#   ops/cluster.sh two PEOPLE                 the same job by one worker and by two, five times each, and what a letter costs
#   ops/cluster.sh fair PEOPLE                jobs of ten rows one after the other while the large one is being sent
#   ops/cluster.sh cut PEOPLE                 two workers in two network namespaces, one cut off and connected again
# Ends with 0 when what was sent is what one undisturbed `dispatch run` sends, row by row and file by file; two: and two
# workers took at most a tenth longer at the median; fair: when no small job took longer than 10 s.
set -euo pipefail

mode=${1:-} people=${2:-} seconds=${3:-300}
if [[ ! $mode =~ ^(rolling|two|fair|cut)$ || -z $people ]]; then
    sed -n '2,8p' "$0" >&2
    exit 2
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=${DISPATCH_PROGRAM:-$root/artifacts/dispatch/dispatch}
bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -1)")
work=$(mktemp -d /tmp/dispatch-cluster-XXXXXX)
chmod 755 "$work"
export DISPATCH_Database__ConnectionString='' DISPATCH_Dispatch__OpenSenders=true
declare -A workers=()
names=()
port=$((20000 + RANDOM % 20000))

finish() {
    for name in "${!workers[@]}"; do kill -9 "${workers[$name]}" 2>/dev/null || true; done
    for name in "${names[@]}"; do ip netns del "$name" 2>/dev/null || true; done
    as_server pg_ctl -D "$work/pg" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
as_server() { runuser -u postgres -- "$bin/$1" "${@:2}"; }
# query DATABASE SQL: one value
query() { psql --no-psqlrc -qtA -h "$work/pg" -p "$port" -U postgres -d "$1" -c "$2"; }
# site NAME [HOST]: uses a database and a data folder of that name
site() {
    export DISPATCH_DATA="$work/$1"
    export DISPATCH_Database__ConnectionString="Host=${2:-$work/pg};Port=$port;Database=$1;Username=postgres"
}
prepare() {
    site "$1"
    as_server createdb -h "$work/pg" -p "$port" -U postgres "$1"
    "$program" migrate --quiet >/dev/null 2>&1
    "$program" register import "$work/country/register" --quiet >/dev/null 2>&1
}
# start NAME [COMMAND…]: a worker, started by COMMAND
start() {
    local name=$1
    shift
    "$@" "$program" worker >>"$work/$name.log" 2>&1 &
    workers[$name]=$!
}
kill_worker() {
    kill -9 "${workers[$1]}" 2>/dev/null || true
    wait "${workers[$1]}" 2>/dev/null || true
}
stop_all() {
    for name in "${!workers[@]}"; do kill -TERM "${workers[$name]}" 2>/dev/null || true; done
    for name in "${!workers[@]}"; do wait "${workers[$name]}" || { echo "worker $name ended with $?" >&2; exit 1; }; done
    workers=()
}
# Everything that moves: rows, batches, jobs.
progress() {
    query "$1" "select (select coalesce(sum(digital + paper + held + refused), 0) from dispatch.chunks where state = 'done')
        || ' ' || (select count(*) from dispatch.batches where state <> 'planned')
        || ' ' || (select count(*) from dispatch.jobs where state = 'completed') || ' ' || (select count(*) from dispatch.jobs)"
}
# outcome DATABASE JOB: all a job's effects and files, without what names the job
outcome() {
    query "$1" "select count(*), count(distinct row_no), md5(string_agg(row_no || effect || reason, ',' order by row_no, effect))
        from ops.effects where job_id = $2"
    query "$1" "select effect, count(*) from ops.effects where job_id = $2 group by effect order by effect"
    query "$1" "select count(*), sum(pieces), sum(pages), string_agg(distinct state, ',') from ops.print_batches where job_id = $2"
    [ "$2" != 1 ] || query "$1" "select name, sha256 from ops.print_batches where job_id = 1 order by name"
}
# completed DATABASE JOBS: waits for them
completed() { while [ "$(query "$1" "select count(*) from dispatch.jobs where state = 'completed'")" -lt "$2" ]; do sleep 0.2; done; }
# tree PID: a process and all below it
tree() {
    local child
    echo "$1"
    for child in $(pgrep -P "$1" || true); do tree "$child"; done
}
# ticks PID…: CPU time of these, of all below them and of those they outlived
ticks() {
    local pid sum=0 stat
    for pid in $(for top in "$@"; do tree "$top"; done); do
        stat=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || continue
        read -ra stat <<<"$stat"
        sum=$((sum + stat[11] + stat[12] + stat[13] + stat[14]))
    done
    echo "$sum"
}
# written PID: bytes the server's processes gave to the disks
written() {
    local pid sum=0 bytes
    for pid in $(tree "$1"); do
        bytes=$(sed -n 's/^write_bytes: //p' "/proc/$pid/io" 2>/dev/null) || continue
        sum=$((sum + bytes))
    done
    echo "$sum"
}
# meter DATABASE: CPU of workers and server, log and bytes written so far; what is in memory only is written first
meter() {
    local server
    server=$(head -1 "$work/pg/postmaster.pid")
    query "$1" checkpoint
    echo "$(ticks "${workers[@]}") $(ticks "$server") $(query "$1" "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')") $(written "$server")"
}
# cost DATABASE CONNECTIONS METER-BEFORE METER-AFTER
cost() {
    local rows seconds
    rows=$(query "$1" 'select rows from dispatch.jobs')
    seconds=$(query "$1" 'select round(extract(epoch from completed_at - submitted_at)::numeric, 1) from dispatch.jobs')
    awk -v rows="$rows" -v name="$1" -v seconds="$seconds" -v peak="$2" -v hz="$(getconf CLK_TCK)" -v before="$3" -v after="$4" 'BEGIN {
        split(before, b, " "); split(after, a, " ")
        printf "%s: %d rows in %s s; a million cost %.1f CPU s of workers, %.1f of the database; ", name, rows, seconds,
            (a[1] - b[1]) / hz / rows * 1e6, (a[2] - b[2]) / hz / rows * 1e6
        printf "a row %.0f bytes of log, %.0f written; %d connections at most\n", (a[3] - b[3]) / rows, (a[4] - b[4]) / rows, peak
    }'
}
compare() {
    local job
    for job in $(query "$1" 'select job_id from dispatch.jobs order by 1'); do
        diff <(outcome alone 1 | head -6) <(outcome "$1" "$job" | head -6) || { echo "job $job differs" >&2; exit 1; }
    done
    diff <(outcome alone 1) <(outcome "$1" 1) || { echo 'files differ' >&2; exit 1; }
    "$program" audit --quiet >/dev/null 2>&1 || { echo "the audit of $1 ended with $?" >&2; exit 1; }
    echo "$1: $(query "$1" 'select count(*) from dispatch.jobs') jobs, each with the effects and files of an undisturbed run; audit 0"
}

trap finish EXIT
mkdir "$work/pg" && chown postgres "$work/pg"
as_server initdb -D "$work/pg" -U postgres --auth=trust --encoding=UTF8 --locale=C >/dev/null
as_server pg_ctl -D "$work/pg" -w -l "$work/pg/log" \
    -o "-k $work/pg -c listen_addresses=$([ "$mode" = cut ] && echo "'*'" || echo "''") -c port=$port -c max_connections=200 -c shared_buffers=512MB -c min_wal_size=4GB -c max_wal_size=8GB" \
    start >/dev/null || { cat "$work/pg/log" >&2; exit 1; }
printf 'host all all 10.231.0.0/16 trust\n' >>"$work/pg/pg_hba.conf"
as_server pg_ctl -D "$work/pg" reload >/dev/null
"$program" --data "$work/generate" generate --people "$people" --seed 1 --out "$work/country" --quiet
job="$work/country/tax-statement"

if [ "$mode" != fair ]; then
    prepare alone
    began=$SECONDS
    "$program" run "$job" --quiet >/dev/null 2>&1 || [ $? -eq 3 ]
    echo "alone: $(query alone 'select rows from ops.jobs') rows by one 'dispatch run' in $((SECONDS - began)) s"
fi

case $mode in
rolling)
    prepare rolling
    for name in a b c d; do start "$name"; done
    "$program" submit "$job" --quiet >/dev/null 2>&1
    began=$SECONDS last='' moved=$SECONDS longest=0 kills=0 jobs=1 next=$((SECONDS + 5))
    while :; do
        now=$(progress rolling || echo "$last")
        [ "$now" = "$last" ] || { last=$now moved=$SECONDS; }
        ((SECONDS - moved <= longest)) || longest=$((SECONDS - moved))
        read -r _ _ done _ <<<"$now"
        if [ "${done:-0}" -eq "$jobs" ]; then
            [ $((SECONDS - began)) -lt "$seconds" ] || break
            jobs=$((jobs + 1))
            cp -r "$job" "$work/job-$jobs"
            sed -i "s/\"reference\": *\"[^\"]*\"/\"reference\": \"again-$jobs\"/" "$work/job-$jobs/job.json"
            "$program" submit "$work/job-$jobs" --quiet >/dev/null 2>&1
        fi
        if [ "$SECONDS" -ge "$next" ] && [ $((SECONDS - began)) -lt "$seconds" ]; then
            name=$(printf '%s\n' a b c d | sed -n "$((kills % 4 + 1))p")
            kill_worker "$name"
            start "$name"
            kills=$((kills + 1)) next=$((SECONDS + 5))
        fi
        sleep 0.5
    done
    echo "rolling: $kills kills in $((SECONDS - began)) s, $jobs jobs; nothing moved for $longest s at most"
    stop_all
    compare rolling
    [ "$longest" -le 40 ] || { echo 'longer than 40 s' >&2; exit 1; }
    ;;
two)
    # Else autovacuum visits what is there already, at any moment; so below, for what is imported.
    query alone 'vacuum (analyze)'
    # In turns, for a server is slower at times.
    for count in 1 2 2 1 1 2 2 1 1 2; do
        by="by_$count"
        prepare "$by"
        query "$by" 'vacuum (analyze)'
        for name in $(seq "$count"); do start "$name"; done
        while [ "$(query "$by" 'select count(*) from dispatch.nodes')" -lt "$count" ]; do sleep 0.2; done
        idle=$(ticks "$(head -1 "$work/pg/postmaster.pid")") && sleep 10
        idle=$(($(ticks "$(head -1 "$work/pg/postmaster.pid")") - idle))
        echo "$by: a worker that waits costs the database $((idle * 1000 / 10 / $(getconf CLK_TCK) / count)) ms of CPU a second"
        before=$(meter "$by") peak=0
        "$program" submit "$job" --quiet >/dev/null 2>&1
        while [ "$(query "$by" "select count(*) from dispatch.jobs where state = 'completed'")" = 0 ]; do
            now=$(query "$by" "select count(*) from pg_stat_activity where application_name = 'dispatch'")
            ((now <= peak)) || peak=$now
            sleep 1
        done
        cost "$by" "$peak" "$before" "$(meter "$by")"
        query "$by" 'select extract(epoch from completed_at - submitted_at) from dispatch.jobs' >>"$work/seconds_$count"
        stop_all
        compare "$by"
        as_server dropdb -h "$work/pg" -p "$port" -U postgres "$by"
        rm -rf "${work:?}/$by"
    done
    paste <(sort -n "$work/seconds_1") <(sort -n "$work/seconds_2") | awk '{ one[NR] = $1; two[NR] = $2 } END {
        middle = (NR + 1) / 2
        more = (two[middle] / one[middle] - 1) * 100
        printf "two: one worker took %.1f s at the median (%.1f to %.1f), two took %.1f s (%.1f to %.1f), %.1f %% more\n",
            one[middle], one[1], one[NR], two[middle], two[1], two[NR], more
        exit more > 10 }' || { echo 'more than 10 % more' >&2; exit 1; }
    ;;
fair)
    prepare fair
    start a
    mkdir "$work/small"
    cp -r "$job/." "$work/small"
    head -11 "$job/recipients.csv" >"$work/small/recipients.csv"
    "$program" submit "$job" --quiet >/dev/null 2>&1 &
    : >"$work/times"
    jobs=1 state=checking
    while [ "$state" != completed ]; do
        jobs=$((jobs + 1))
        sed -E "s/(\"reference\": *)\"[^\"]*\"/\1\"small-$jobs\"/; s/(\"expectedRows\": *)[0-9]+/\110/; s/(\"sha256\": *)\"[^\"]*\"/\1null/
            s/(\"stopAtRefusedShare\": *)[0-9.]+/\11/" "$job/job.json" >"$work/small/job.json"
        began=$(date +%s%3N)
        "$program" submit "$work/small" --quiet >/dev/null 2>&1
        until [ "$(query fair "select state from dispatch.jobs where reference = 'small-$jobs'")" = completed ]; do sleep 0.05; done
        echo "$(($(date +%s%3N) - began)) $state" >>"$work/times"
        state=$(query fair "select state from dispatch.jobs where rows > 10")
        state=${state:-checking}
    done
    for state in $(cut -d' ' -f2 "$work/times" | uniq); do
        sed -n "s/ $state\$//p" "$work/times" | sort -n | awk -v state="$state" '{ ms[NR] = $1 } END {
            printf "fair: while the large job was %s: %d jobs of 10 rows, from the command to completed %.1f s at the median, %.1f at most\n",
                state, NR, ms[int((NR + 1) / 2)] / 1000, ms[NR] / 1000 }'
    done
    stop_all
    "$program" audit --quiet >/dev/null 2>&1 || { echo "the audit ended with $?" >&2; exit 1; }
    [ "$(sort -n "$work/times" | tail -1 | cut -d' ' -f1)" -le 10000 ] || { echo 'longer than 10 s' >&2; exit 1; }
    ;;
cut)
    prepare cut
    for number in 1 2; do
        name=dsp-$$-$number
        names+=("$name")
        ip netns add "$name"
        ip link add "dsph$number" type veth peer name "dspn$number" netns "$name"
        ip addr add "10.231.$number.1/24" dev "dsph$number"
        ip link set "dsph$number" up
        ip -n "$name" addr add "10.231.$number.2/24" dev "dspn$number"
        ip -n "$name" link set "dspn$number" up
        site cut "10.231.$number.1"
        start "$number" ip netns exec "$name"
    done
    while [ "$(query cut 'select count(*) from dispatch.nodes')" -lt 2 ]; do sleep 0.2; done
    site cut
    "$program" submit "$job" --quiet --set Dispatching:ChunkRows=1000 >/dev/null 2>&1
    while [ "$(query cut "select count(*) from dispatch.shards where lease_until > clock_timestamp() and holder like '%-${workers[1]}-%'")" = 0 ]; do :; done
    ip link set dsph1 down
    began=$SECONDS
    echo "cut: worker 1 lost the database with a shard in hand, $(progress cut)"
    while [ $((SECONDS - began)) -lt 40 ]; do sleep 1; done
    ip link set dsph1 up
    echo "cut: connected again, $(progress cut)"
    completed cut 1
    stop_all
    compare cut
    ;;
esac
