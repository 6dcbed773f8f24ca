/** Expressions as people say them. */
import test from 'ava';
import {
  conditionInWords,
  templateInWords,
  valueInWords,
} from '../../src/runbook/language/expressions/in-words.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

const conditions: [expression: string, words: string][] = [
  ["server(failed).power == 'off'", 'the power of server failed is off'],
  ["server(here).power != 'off'", 'the power of this server is not off'],
  ["servers.all(s, s.state == 'Online')", 'the state of every server is Online'],
  ["!servers.all(s, s.state == 'Online')", 'the state of some server is not Online'],
  ["servers.exists(s, s.state == 'Online')", 'the state of some server is Online'],
  ["!servers.exists(s, s.state == 'Online')", 'the state of no server is Online'],
  [
    "servers.all(s, s.power == 'off' || s.daemon == 'stopped')",
    'for every server s: the power of s is off or the daemon of s is stopped',
  ],
  ['active(md) == null', 'md is active nowhere'],
  ['active(md) != keeper', 'md is not active on keeper'],
  ["chosen('way') == 'web'", 'web was chosen at way'],
  [
    "mirror(md).on(here).color in ['GREEN', 'YELLOW']",
    'the colour of mirror md on this server is GREEN or YELLOW',
  ],
  ["!(module in ['mdagent', 'mdadmn'])", 'module is neither mdagent nor mdadmn'],
  ['!(image in server(first).images)', 'image is not among the images of server first'],
  [
    "server(here).services['clusterpro'].enabled",
    'the service clusterpro of this server is enabled',
  ],
  ['server(here).bootId != before.boot', 'the boot of this server is not the earlier boot'],
  ['size(servers) >= 2 && !hybrid', 'the number of servers is at least 2 and not hybrid'],
  ['a && (b || c)', 'a and (b or c)'],
  ['!(a && b)', 'not a or not b'],
  ['!mirror(md).on(survivor).diskError', 'mirror md on survivor has no disk error'],
  ['group(groupOf(md)).current == keeper', 'the server of the group of md is keeper'],
  ['what is no expression', 'what is no expression'],
  ['strange(md)', 'strange(md)'],
];

for (const [expression, words] of conditions) {
  test(`condition: ${expression}`, (t) => t.is(conditionInWords(expression), words));
}

const values: [expression: string, words: string][] = [
  [
    'active(md) != null ? active(md) : servers[0].name',
    'the server where md is active if md is active somewhere, else the first server',
  ],
  [
    "servers.filter(s, s.power == 'on')[0].name",
    'the first of the servers s for which the power of s is on',
  ],
  ['servers.map(s, s.name)', 'the servers'],
  ['cluster.configHashes[server]', 'the configuration of server'],
  ['2 * (a + b)', '2 times a plus b'],
];

for (const [expression, words] of values) {
  test(`value: ${expression}`, (t) => t.is(valueInWords(expression), words));
}

test('in a text a name stays as it is written, and what is more is said', (t) => {
  t.is(
    templateInWords('Start {groupOf(md)} on {server}, {{so}}'),
    'Start {the group of md} on {server}, {so}',
  );
});

test('no expression of a runbook is left without words', (t) => {
  const untold: string[] = [];
  const tell = (text: string | undefined, say: (text: string) => string) => {
    if (text !== undefined && /[=!<>]=|&&|\|\||\?|\w\(/.test(say(text))) untold.push(text);
  };
  for (const { runbook } of loadRunbooks().values()) {
    for (const { when, probe, expect, check, watch, wait } of runbook.steps) {
      const all = [when, probe, expect, check, watch?.until, wait?.until];
      for (const text of all) tell(text, conditionInWords);
    }
    for (const { that } of runbook.requires ?? []) tell(that, conditionInWords);
    for (const role of Object.values(runbook.roles ?? {})) tell(role, valueInWords);
  }
  t.deepEqual(untold, []);
});
