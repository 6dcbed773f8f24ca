#!/usr/bin/env bash
# @bufbuild/cel 0.6.1: conversions of text to numbers follow JavaScript and not CEL's definition.
# CEL's language definition lets int(string) and double(string) fail for what is no number; here
# text without a digit becomes 0 or NaN, blanks and other bases are taken, and NaN is an ordinary
# value from then on: it is neither less nor more than anything, so a check passes or fails at will.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @bufbuild/cel@0.6.1 >/dev/null

cat >ask.mjs <<'JS'
import { celEnv, isCelError, run } from '@bufbuild/cel';

const said = (text) => {
  const value = run(text, {}, { env: celEnv() });
  return isCelError(value) ? `error: ${value.message}` : String(value);
};
for (const text of process.argv.slice(2)) console.log(`${text}  ->  ${said(text)}`);
JS

seen=$(node ask.mjs "int('')" "int(' 5 ')" "int('0x10')" "double('')" "double('abc')" \
  "double('abc') < 3.0" "double('abc') >= 3.0" "int('abc')" "7 / 2" "1.0 / 0.0")
echo "@bufbuild/cel 0.6.1:"
echo "$seen"

expected="int('')  ->  0
int(' 5 ')  ->  5
int('0x10')  ->  16
double('')  ->  0
double('abc')  ->  NaN
double('abc') < 3.0  ->  false
double('abc') >= 3.0  ->  false
int('abc')  ->  error: Cannot convert abc to a BigInt
7 / 2  ->  3
1.0 / 0.0  ->  Infinity"
[ "$seen" = "$expected" ] || { echo 'this has changed'; exit 1; }

