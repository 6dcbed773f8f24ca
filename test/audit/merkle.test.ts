import test from 'ava';
import fc from 'fast-check';
import { sha256 } from '../../src/audit/digest.ts';
import {
  addToFrontier,
  type Frontier,
  MerkleTree,
  provesConsistency,
  provesInclusion,
  rootOfFrontier,
} from '../../src/audit/merkle.ts';

const hashes = Array.from({ length: 70 }, (_, n) => sha256(`entry ${n}`));

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree();
  for (const hash of hashes.slice(0, size)) tree.add(hash);
  return tree;
}

/** The definition of RFC 6962, section 2.1, word for word and slowly. */
function rootByDefinition(leaves: string[]): string {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return sha256(Buffer.from(`00${leaves[0]}`, 'hex'));
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)].map(rootByDefinition);
  return sha256(Buffer.from(`01${left}${right}`, 'hex'));
}

test('the root over any number of entries is the one that RFC 6962 defines', (t) => {
  const tree = treeOf(70);
  for (let size = 0; size <= 70; size += 1) {
    t.is(tree.root(size), rootByDefinition(hashes.slice(0, size)));
  }
});

test('a frontier grows to the same roots, one entry at a time', (t) => {
  const tree = treeOf(70);
  let frontier: Frontier = { size: 0, hashes: [] };
  for (const hash of hashes) {
    frontier = addToFrontier(frontier, hash);
    t.is(rootOfFrontier(frontier), tree.root(frontier.size));
    t.deepEqual(tree.frontier(frontier.size), [...frontier.hashes]);
  }
  t.is(rootOfFrontier({ size: 3, hashes: frontier.hashes }), null);
});

test('every entry is shown to be in every tree that holds it', (t) => {
  const tree = treeOf(33);
  for (let size = 1; size <= 33; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const path = tree.inclusion(index, size);
      const proof = { entryHash: hashes[index]!, index, size, path, root: tree.root(size) };
      t.true(provesInclusion(proof), `${index} of ${size}`);
    }
  }
});

test('every beginning is shown to be one of every longer tree', (t) => {
  const tree = treeOf(33);
  for (let to = 1; to <= 33; to += 1) {
    for (let from = 1; from <= to; from += 1) {
      const path = tree.consistency(from, to);
      const roots = { fromRoot: tree.root(from), toRoot: tree.root(to) };
      t.true(provesConsistency({ from, to, path, ...roots }), `${from} of ${to}`);
    }
  }
});

test('no proof holds for another entry, place, size or root, nor with a changed or cut path', (t) => {
  const tree = treeOf(70);
  const sizes = fc.integer({ min: 2, max: 70 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(5), (size, seed, other, kind) => {
      const index = seed % size;
      const path = tree.inclusion(index, size);
      const proof = { entryHash: hashes[index]!, index, size, path, root: tree.root(size) };
      const at = other % path.length;
      const wrong = [
        { ...proof, entryHash: hashes[(index + 1 + (other % (size - 1))) % size]! },
        { ...proof, index: (index + 1 + (other % (size - 1))) % size },
        { ...proof, root: tree.root(size - 1) },
        { ...proof, path: path.map((hash, n) => (n === at ? sha256(hash) : hash)) },
        { ...proof, path: path.slice(0, -1) },
        { ...proof, path: [...path, hashes[0]!] },
      ];
      t.true(provesInclusion(proof));
      t.false(provesInclusion(wrong[kind]!));
    }),
  );
});

test('a record that was written anew is not shown to be consistent', (t) => {
  const anew = new MerkleTree();
  hashes.slice(0, 40).forEach((hash, n) => {
    anew.add(n === 11 ? sha256(hash) : hash);
  });
  const tree = treeOf(40);
  for (let from = 12; from < 40; from += 1) {
    const path = anew.consistency(from, 40);
    const roots = { fromRoot: tree.root(from), toRoot: anew.root(40) };
    t.false(provesConsistency({ from, to: 40, path, ...roots }), `from ${from}`);
    t.true(provesConsistency({ ...roots, from, to: 40, path, fromRoot: anew.root(from) }));
  }
});
