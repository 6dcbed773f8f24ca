import test from 'ava';
import { partitionMachine } from '../../machines/partition.machine.ts';
import { walk } from './walk.ts';

test('every state of a resolution resource is reached and no event throws', (t) => {
  const found = walk(partitionMachine, { resource: 'pingnp1' }, [
    { type: 'check.passed' },
    { type: 'check.failed' },
  ]);
  t.deepEqual(found.states, ['error', 'normal', 'unknown']);
  t.deepEqual(found.effects, ['reportError', 'reportNormal']);
});
