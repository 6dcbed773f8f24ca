#!/usr/bin/env bash
# json-schema-to-typescript 15.0.4 and 16.0.0: a property whose schema says nothing but a description
# allows any JSON value, and becomes an object type that refuses a number or a text. The empty
# schema, and one that lists all six types, become types that take them.
#
# Seen with both: described: {[k: string]: unknown}; empty: unknown; listed: a union of all six.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >look.mjs <<'JS'
import { compile } from 'json-schema-to-typescript';

const types = ['string', 'number', 'boolean', 'object', 'array', 'null'];
const schema = {
  title: 'Entry',
  type: 'object',
  additionalProperties: false,
  required: ['described', 'empty', 'listed'],
  properties: { described: { description: 'any JSON value' }, empty: {}, listed: { type: types } },
};
const text = (await compile(schema, 'Entry', { bannerComment: '', format: false }))
  .replace(/\/\*[\s\S]*?\*\//g, '')
  .replace(/\s+/g, ' ');
console.log(text);
const has = (pattern) => {
  if (!pattern.test(text)) throw new Error(`not as seen before: ${pattern}`);
};
has(/described: \{ ?\[k: string\]: unknown;? ?\}/);
has(/listed: \(?\(?.*string.*number.*boolean.*null/);
JS

for version in 15.0.4 16.0.0; do
  npm init -y >/dev/null
  npm install --silent --no-audit --no-fund "json-schema-to-typescript@$version"
  echo "json-schema-to-typescript $version"
  node look.mjs
done
