/**
 * Commands that prepare a mirror's disk while the services of the server are off (v3 6.5, 6.7; x5 2.23):
 * the mirror agent is started for as long as it takes, and stopped again. A choice.
 */
import type { HostView } from '../../ports/views.ts';
import { type Context, request } from './context.ts';
import { quietly, waitFor } from './waiting.ts';

const AGENT = 'clusterpro_md';
const AGENT_LIMIT_MS = 30_000;

const viewOf = async ({ env, local }: Context): Promise<HostView> =>
  (await request(env, local, 'host', { do: 'status' })) as unknown as HostView;

export async function isRunning(context: Context, service: string): Promise<boolean> {
  return (await viewOf(context)).services[service]?.running === true;
}

async function startAgent({ env, local }: Context): Promise<void> {
  await request(env, local, 'host', { do: 'service', name: AGENT, op: 'start' });
  await waitFor(env, 'the start of the mirror agent', AGENT_LIMIT_MS, async () => {
    return (await quietly(request(env, local, 'agent', { do: 'status' }))) !== null;
  });
}

/** Does what needs the mirror agent of this server, which runs afterwards if it did before. */
export async function withAgent(context: Context, act: () => Promise<void>): Promise<void> {
  const { env, local } = context;
  if (await isRunning(context, AGENT)) return act();
  await startAgent(context);
  try {
    await act();
  } finally {
    const stop = { do: 'service', name: AGENT, op: 'stop' } as const;
    await request(env, local, 'host', stop, AGENT_LIMIT_MS);
  }
}
