/**
 * clpfwctrl.sh: lets what the cluster's servers say to one another through the firewall, or no more.
 *
 * Documented: --add, --remove. Our choice: the rules are a service of firewalld, as a file of the
 * server that its firewall reads (FIREWALL_PATH); which ports are those of v3 8, with those of the
 * mirrors of the configuration.
 */
import { mirrorsOf, parameterOf } from '../../config/index.ts';
import { actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { ACTS, defineCommand, SUCCEEDED } from './context.ts';
import { atMost, modeOf } from './options.ts';

const OPTIONS = { add: { names: ['--add'] }, remove: { names: ['--remove'] } };

export const FIREWALL_PATH = '/etc/firewalld/services/clusterpro.xml';

const PORTS: [number, 'tcp' | 'udp'][] = [
  [29001, 'tcp'],
  [29002, 'tcp'],
  [29002, 'udp'],
  [29003, 'tcp'],
  [29003, 'udp'],
  [29004, 'tcp'],
  [29005, 'tcp'],
];

export const clpfwctrl = defineCommand(
  {
    name: 'clpfwctrl.sh',
    summary: "Lets the cluster's communication through the firewall, or no more",
    usage: ['clpfwctrl.sh --add | --remove'],
    options: OPTIONS,
    traits: ACTS,
  },
  async ({ env, config, local: server }, given) => {
    atMost(given, 0);
    const act = modeOf(given, OPTIONS, ['add', 'remove']);
    if (act === 'remove') await env.files.remove(FIREWALL_PATH);
    else {
      const paths = ['mddriver/port', 'mddriver/hbport', 'mddriver/ack2port'];
      const mirrors = mirrorsOf(config).flatMap((mirror) =>
        paths.map((path): [number, 'tcp'] => [Number(parameterOf(mirror, path)), 'tcp']),
      );
      const rows = [...PORTS, ...mirrors].map(
        ([port, protocol]) => `  <port protocol="${protocol}" port="${port}"/>\n`,
      );
      const text = `<service>\n  <short>clusterpro</short>\n${rows.join('')}</service>\n`;
      await env.files.write(FIREWALL_PATH, text);
    }
    return done(SUCCEEDED, actsDone({ act, kind: 'configuration', name: 'firewall', server }));
  },
);
