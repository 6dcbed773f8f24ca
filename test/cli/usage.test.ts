/** Words as typed, put in order for the parser. */
import test from 'ava';
import { arrange } from '../../src/cli/words/usage.ts';

const VERBS = ['clp', 'lab', 'list', 'run-log', 'window'];

const TABLE: [typed: string, arranged: string][] = [
  ['clp clpgrp -m failover1', 'clp clpgrp -- -m failover1'],
  ['clp --server server2 clpstat -i', 'clp clpstat --server server2 -- -i'],
  ['clp clpgrp constructor server1', 'clp clpgrp -- constructor server1'],
  ['clp clpgrp -t toString', 'clp clpgrp -- -t toString'],
  ['lab exec server1 fdisk -l', 'lab exec server1 -- fdisk -l'],
  ['list --search mirror', 'list --search mirror'],
  ['run-log 7f3a --paper', 'run-log 7f3a --remainder'],
  ['window emergency --without-papers', 'window emergency --without-documents'],
  ['clp clpgrp --paper', 'clp clpgrp -- --paper'],
];

for (const [typed, arranged] of TABLE) {
  test(`${typed} is read as ${arranged}`, (t) => {
    t.is(arrange(typed.split(' '), VERBS).join(' '), arranged);
  });
}
