/** `window WHAT`: to whom each word goes. Loaded when called, and only what that word needs. */

import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { checkWindowOptions, type WindowWord } from '../verbs/window-options.ts';

type Handler = (cli: Cli, args: Args) => Promise<number>;

const HANDLERS: Record<WindowWord, () => Promise<Handler>> = {
  list: async () => (await import('./windows.ts')).listWindows,
  show: async () => (await import('./windows.ts')).showWindow,
  request: async () => (await import('./open-close.ts')).request,
  approve: async () => (await import('./answers.ts')).approve,
  reject: async () => (await import('./answers.ts')).reject,
  withdraw: async () => (await import('./answers.ts')).withdraw,
  review: async () => (await import('./answers.ts')).review,
  open: async () => (await import('./open-close.ts')).open,
  close: async () => (await import('./open-close.ts')).close,
  emergency: async () => (await import('./emergency.ts')).emergency,
  freeze: async () => (await import('./open-close.ts')).freeze,
  policy: async () => (await import('./policy.ts')).policy,
  push: async () => (await import('./open-close.ts')).push,
  import: async () => (await import('./files.ts')).importing,
  export: async () => (await import('./files.ts')).exporting,
};

export async function window(cli: Cli, args: Args): Promise<number> {
  const word = args.what as WindowWord;
  checkWindowOptions(word, args);
  return (await HANDLERS[word]())(cli, args);
}
