#!/bin/sh
# Installs the programs that the tests use and pip can't bring: a browser, a JDK (for veraPDF and the Nu checker), poppler,
# and with npm the Nu checker itself, whose version and hash tests/npm/package-lock.json pins.
# Only where apt-get may be used without a password; elsewhere it says what is missing, and the tests that need it are skipped.
set -eu

nu=.cache/nu
jar=$nu/node_modules/vnu-jar/build/dist/vnu.jar
lock=package-lock.json
has_nu() { test -f $jar && cmp -s tests/npm/$lock $nu/$lock; }

command -v chromium >/dev/null || set -- "$@" chromium
command -v javac >/dev/null || set -- "$@" default-jdk-headless
command -v pdftotext >/dev/null || set -- "$@" poppler-utils
has_nu || command -v npm >/dev/null || set -- "$@" npm

if [ $# -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ]; then sudo=""; else sudo="sudo -n"; fi
    if command -v apt-get >/dev/null && $sudo true 2>/dev/null; then
        echo "Installing for the tests: $*"
        export DEBIAN_FRONTEND=noninteractive
        $sudo apt-get update -qq
        $sudo apt-get install -qq --no-install-recommends "$@" >/dev/null
    else
        echo "Missing for the tests, please install: $*"
    fi
fi

if ! has_nu && command -v npm >/dev/null; then
    mkdir -p $nu
    cp tests/npm/package.json tests/npm/$lock $nu/
    # A package's own scripts may fetch what nobody has pinned.
    npm ci --prefix $nu --ignore-scripts --no-audit --no-fund --silent || echo "npm could not fetch the Nu checker."
fi
