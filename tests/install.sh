#!/bin/sh
# Installs the programs that the tests use and pip can't bring: a browser, a JDK (for veraPDF), poppler.
# Only where apt-get may be used without a password; elsewhere it says what is missing, and the tests that need it are skipped.
set -eu

command -v chromium >/dev/null || set -- "$@" chromium
command -v javac >/dev/null || set -- "$@" default-jdk-headless
command -v pdftotext >/dev/null || set -- "$@" poppler-utils
[ $# -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then sudo=""; else sudo="sudo -n"; fi
if command -v apt-get >/dev/null && $sudo true 2>/dev/null; then
    echo "Installing for the tests: $*"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    $sudo apt-get install -qq --no-install-recommends "$@" >/dev/null
else
    echo "Missing for the tests, please install: $*"
fi
