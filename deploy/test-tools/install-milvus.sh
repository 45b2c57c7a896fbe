#!/usr/bin/env bash
# Installs the Milvus standalone server that the integration tests run against: the whole server (embedded etcd, local
# storage) comes as a Python wheel, so neither Docker nor root is needed. Does nothing where it is installed already.
# The place is $SIGHTLINE_TOOLS/milvus-venv, ~/.cache/sightline/milvus-venv by default; MilvusServer looks there.
set -euo pipefail

readonly version=2.3.5
readonly tools="${SIGHTLINE_TOOLS:-$HOME/.cache/sightline}"
readonly venv="$tools/milvus-venv"
readonly installed="$venv/.installed-$version"

if [[ -e "$installed" ]]; then
    exit 0
fi
if [[ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]]; then
    echo "milvus $version comes as a wheel for Linux on x86_64 only; start a Milvus and set SIGHTLINE_TEST_MILVUS=host:port" >&2
    exit 1
fi
if ! python3 -c 'import venv, ensurepip, lzma' 2>/dev/null; then
    echo "the Milvus test server needs Python 3 with venv (Debian: apt-get install python3-venv)" >&2
    exit 1
fi

mkdir -p "$tools"
exec 9> "$tools/milvus-venv.lock"
if command -v flock > /dev/null; then
    flock 9 # two builds on one machine must not install into one place
fi
if [[ -e "$installed" ]]; then
    exit 0
fi
echo "installing the Milvus $version test server into $venv"
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "milvus==$version"
# The wheel unpacks its binaries into each new data directory (half a minute); unpacked here once, they are only linked.
"$venv/bin/python" -c 'import sys, milvus; milvus._initialize_data_files(sys.argv[1])' "$venv/unpacked"
touch "$installed"
