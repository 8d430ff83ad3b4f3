#!/usr/bin/env bash
# Install the browser that the tests of the UI look through, where that can be done; without it they are skipped.
set -euo pipefail
command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium"
    (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver) >/dev/null 2>&1 && exit 0
fi
echo "No browser: the tests that need one are skipped (Debian: sudo apt-get install chromium chromium-driver)." >&2
