#!/bin/sh
# Installs the two libraries that WeasyPrint takes from the system: Pango, and HarfBuzz's part that makes fonts smaller.
# Only where apt-get may be used without a password; elsewhere it says in a line what is missing.
set -eu

ready() { "$1" -c 'from weasyprint.text.ffi import harfbuzz_subset as found; raise SystemExit(not found)' 2>/dev/null >&2; }

python="$1"
ready "$python" && exit 0
set -- libpangoft2-1.0-0 libharfbuzz-subset0
if [ "$(id -u)" -eq 0 ]; then sudo=""; else sudo="sudo -n"; fi
if command -v apt-get >/dev/null && $sudo true 2>/dev/null; then
    echo "Installing for the handbook: $*"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    $sudo apt-get install -qq --no-install-recommends "$@" >/dev/null
    ready "$python" && exit 0
fi
echo "The handbook needs Pango, please install it: on Debian or Ubuntu sudo apt-get install $*, on macOS brew install pango" >&2
exit 1
