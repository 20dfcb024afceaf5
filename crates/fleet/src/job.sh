# What the job does. Above: which job it is. Everything that happens is a line of "$folder/events", from which
# `formbench fleet collect` says what became of the job.
set -u

attempt=${SLURM_JOB_ID:-$$}.${SLURM_RESTART_COUNT:-0}
node=${SLURMD_NODENAME:-$(uname -n)}

# tell EVENT [DETAIL]
tell() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$node" "$attempt" "$1" "${2-}" >> "$folder/events"
}

# give_up EVENT DETAIL
give_up() {
    tell "$1" "$2"
    echo "$2" >&2
    exit 1
}

# A signal is passed on to the command that runs, which then saves and ends.
stopped=
child=
pass_on() {
    stopped=yes
    [ -z "$child" ] || kill -TERM "$child" 2> /dev/null
}
trap pass_on TERM INT HUP

# follow COMMAND...: runs it, and returns its exit code.
follow() {
    local code
    [ -z "$stopped" ] || return 130
    "$@" &
    child=$!
    wait "$child"
    code=$?
    # A signal ends the waiting, not the command.
    while kill -0 "$child" 2> /dev/null; do
        wait "$child"
        code=$?
    done
    child=
    return "$code"
}

# What an attempt on this machine left lies here still, newer than the copy in "$folder/runs", if nobody removed it.
scratch=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/formbench-$UID-$node-$(printf '%s' "$folder" | cksum | tr ' ' -)
mkdir -p "$folder/runs"
mkdir -m 700 "$scratch" 2> /dev/null
# Others may write to such a place too.
[ -d "$scratch" ] && [ ! -L "$scratch" ] && [ -O "$scratch" ] && mkdir -p "$scratch/runs" ||
    give_up failed "no place for the run on $node: $scratch"
tell started

# fits LIST: says why this machine cannot use an archive whose needs are listed, if it cannot.
fits() {
    local what needed have
    while read -r what needed; do
        case $what in
        machine)
            have=$(uname -m)
            [ "$have" = "$needed" ] || echo "its processor is $have; the archive is for $needed"
            ;;
        libc)
            have=$(getconf GNU_LIBC_VERSION 2> /dev/null | cut -d ' ' -f 2)
            [ "$(printf '%s\n' "$needed" "${have:-0}" | sort -V | head -n 1)" = "$needed" ] ||
                echo "its C library is ${have:-not glibc}; the archive was made with $needed"
            ;;
        python)
            have=$("$tools/.engines/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null)
            [ "$have" = "$needed" ] ||
                echo "its Python, $(readlink "$tools/.engines/bin/python"), is ${have:-not there}; the archive needs $needed"
            ;;
        esac
    done < "$1"
}

if [ -n "$bundle" ]; then
    tools=$scratch/tools
    rm -rf "$tools"
    mkdir -p "$tools" && tar -xzf "$bundle" -C "$tools" || give_up failed "cannot unpack $bundle on $node"
    why=$(fits "$tools/needs")
    [ -z "$why" ] || give_up refused "$node: $(echo "$why" | paste -sd ';')"
    command=$tools/bin/formbench
    top=$tools
fi
cd "$top" || give_up failed "no folder $top on $node"

# The copy of a run that this machine does not have; whose it is, `formbench run` finds out.
for run in "$folder"/runs/*/; do
    here=$scratch/runs/$(basename "$run")
    if [ -d "$run" ] && [ ! -e "$here" ]; then
        rm -rf "$scratch/copying"
        cp -r "$run" "$scratch/copying" && mv "$scratch/copying" "$here" || give_up failed "cannot copy $run to $node"
    fi
done

follow "$command" run --data "$scratch/runs" --mirror "$folder/runs" "${arguments[@]}" > "$scratch/printed"
code=$?
if [ "$code" -eq 0 ]; then
    run=$(tail -n 1 "$scratch/printed")
    # A pack that is there is whole.
    follow "$command" pack "$run" "${packing[@]}" --output "$scratch/run.zip" &&
        cp "$scratch/run.zip" "$folder/run.zip.part" && mv "$folder/run.zip.part" "$folder/run.zip"
    code=$?
    [ "$code" -ne 0 ] || tell packed "$(basename "$run")"
fi
if [ "$code" -ne 0 ]; then
    if [ -n "$stopped" ] || [ "$code" -eq 130 ]; then
        tell stopped "$code"
    else
        tell failed "$code"
    fi
fi
# The folder has it all; what a killed job leaves is for its next attempt.
case $code in
0 | 130) rm -rf "$scratch" ;;
esac
exit "$code"
