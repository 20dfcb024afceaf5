#!/bin/bash
# A cluster of two nodes on this machine, for tests: as root, with Debian's packages slurmctld, slurmd, slurm-client and
# munge, in one folder, with none of the system's own configuration.
#
#   slurm.sh start FOLDER       writes FOLDER/slurm.conf, which SLURM_CONF has to name, and starts everything
#   slurm.sh node FOLDER NAME   starts one node's daemon again
#   slurm.sh stop FOLDER        ends everything that was started
set -eu

folder=$2
PATH=$PATH:/usr/sbin:/sbin

# started NAME COMMAND...: starts a daemon that stays in the foreground, and keeps its process id.
started() {
    local name=$1
    shift
    "$@" > "$folder/$name.out" 2>&1 < /dev/null &
    echo $! > "$folder/$name.pid"
}

node() {
    SLURM_CONF=$folder/slurm.conf started "$1" slurmd -D -N "$1"
}

start() {
    local host port
    host=$(uname -n)
    # Three ports in a row that nobody listens on.
    port=$((20000 + RANDOM % 20000))
    mkdir -p "$folder/state" "$folder/spool"
    dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
    chmod 600 "$folder/munge.key"
    cat > "$folder/slurm.conf" << CONF
ClusterName=formbench
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmctldPidFile=$folder/slurmctld.own.pid
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SwitchType=switch/none
MpiDefault=none
ReturnToService=1
KillWait=30
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmdPidFile=$folder/spool/%n.pid
SchedulerParameters=sched_interval=1
MailProg=/bin/true
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$(nproc) Feature=epyc State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$(nproc) Feature=epyc State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    started munged munged --foreground --force --num-threads 1 --key-file "$folder/munge.key" \
        --socket "$folder/munge.socket" --pid-file "$folder/munge.own.pid" --log-file "$folder/munge.log" \
        --seed-file "$folder/munge.seed"
    for _ in $(seq 100); do
        [ ! -S "$folder/munge.socket" ] || break
        sleep 0.1
    done
    SLURM_CONF=$folder/slurm.conf started slurmctld slurmctld -D
    node n1
    node n2
}

stop() {
    local pid
    SLURM_CONF=$folder/slurm.conf timeout 5 scancel --signal=KILL --full --state=RUNNING 2> /dev/null || true
    for pid in "$folder"/*.pid; do
        kill -KILL "$(cat "$pid")" 2> /dev/null || true
    done
    # Steps outlive their node's daemon; those of another cluster have another configuration.
    for pid in $(pgrep slurmstepd); do
        if grep -qs "SLURM_CONF=$folder/" "/proc/$pid/environ"; then
            kill -KILL "$pid" 2> /dev/null || true
        fi
    done
}

case $1 in
start) start ;;
node) node "$3" ;;
stop) stop ;;
esac
