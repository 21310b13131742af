#!/bin/sh
# Sees to it that the named things are on this machine: python venv node chromium fonts pango postgresql.
# As root on Debian what is missing is installed; otherwise the command that installs it is printed and the exit code is 1.
set -eu

shared() {  # a library, wherever this system keeps them
    ls /usr/lib/*/"$1".so* /usr/lib/"$1".so* /usr/lib64/"$1".so* /opt/homebrew/lib/"$1".dylib 2>/dev/null | grep -q .
}

is_there() {
    case $1 in
        python) "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ;;
        venv) "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null ;;
        node) node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null ;;
        chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
        fonts) fc-list :lang=zh 2>/dev/null | grep -q . ;;
        pango) shared libpangoft2-1.0 && shared libharfbuzz-subset ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ;;
        *) echo "require.sh knows nothing of $1" >&2; exit 2 ;;
    esac
}

package() {
    case $1 in
        venv) echo python3-venv ;;
        fonts) echo "fontconfig fonts-noto-cjk" ;;
        pango) echo "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" ;;
        *) echo "$1" ;;
    esac
}

missing=""
for thing in "$@"; do
    is_there "$thing" && continue
    case $thing in
        python) echo "Python 3.11 or newer is needed: https://www.python.org/downloads/ (name it with PYTHON=…)" >&2; exit 1 ;;
        node) echo "Node.js 20 or newer with npm is needed: https://nodejs.org/en/download" >&2; exit 1 ;;
        *) missing="$missing $(package "$thing")" ;;
    esac
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing:$missing. Install and run again:" >&2
    echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
apt-get update -q
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
