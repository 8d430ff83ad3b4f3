#!/usr/bin/env bash
# Fetch axe-core, which the test of the report's accessibility runs in the browser, into a directory (.venv/axe-core if
# none is named): scripts/axe.sh. Without npm that test is skipped.
set -euo pipefail
version=4.11.0
sha512=8a561a9c453cbf1c417b1a4977c716338125490ab841cb422ca8a1d1349f8c87c24137b21ffeb356b98825f2cfaca4ca2516e21be71f9d96d02230252661758d
directory=${1:-$(dirname "$0")/../.venv/axe-core}
[ -f "$directory/axe.min.js" ] && exit 0
if ! command -v npm >/dev/null; then
    echo "No npm: the test of the report's accessibility is skipped (it runs axe-core, which npm fetches)." >&2
    exit 0
fi
mkdir -p "$directory" && cd "$directory"
npm pack --silent "axe-core@$version" >/dev/null
python3 - "axe-core-$version.tgz" $sha512 <<'END' || { rm "axe-core-$version.tgz"; exit 1; }
import hashlib, pathlib, sys
found = hashlib.sha512(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest()
sys.exit(found != sys.argv[2] and f"{sys.argv[1]} is not the file that was tested (sha512 {found}): it is not used.")
END
tar -xzf "axe-core-$version.tgz" --strip-components=1 package/axe.min.js package/LICENSE
rm "axe-core-$version.tgz"
