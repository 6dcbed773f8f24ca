#!/usr/bin/env bash
# The sync form of write-file-atomic 7.0.1 where there is room for a part only: the kernel takes what fits and says
# how much that was; nobody reads the number, the cut file is flushed and renamed over the whole one,
# and the call succeeds.
# A limit on the size of files stands in for a disk that is nearly full: both cut a write short.
# Passes while that is so, fails when it changes. Needs no root.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund write-file-atomic@7.0.1
cat >ask.mjs <<'EOF'
import { readFileSync, writeFileSync } from 'node:fs';
import atomic from 'write-file-atomic';
writeFileSync('kept', 'the good one');
let ended = 'succeeds';
try {
  atomic.sync('kept', 'x'.repeat(20_000));
} catch (error) {
  ended = `fails with ${error.code}`;
}
console.log(`${ended}, ${readFileSync('kept').length} bytes`);
EOF
seen=$(ulimit -f 8; node ask.mjs)
echo "write-file-atomic 7.0.1, sync, 20000 bytes where 8192 fit, over a file of 12: $seen"
[ "$seen" = 'succeeds, 8192 bytes' ]
