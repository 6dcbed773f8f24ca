/** `window WHAT`: to whom each word goes. Loaded when called, and only what that word needs. */

import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { checkWindowOptions, type WindowWord } from '../verbs/window.ts';

type Handler = (cli: Cli, args: Args) => Promise<number>;

const HANDLERS: Record<WindowWord, () => Promise<Handler>> = {
  list: async () => (await import('./list.ts')).listWindows,
  show: async () => (await import('./list.ts')).showWindow,
  request: async () => (await import('./request.ts')).requestWindow,
  approve: async () => (await import('./answers.ts')).approveWindow,
  reject: async () => (await import('./answers.ts')).rejectWindow,
  withdraw: async () => (await import('./answers.ts')).withdrawWindow,
  review: async () => (await import('./answers.ts')).reviewWindow,
  open: async () => (await import('./open.ts')).openWindow,
  close: async () => (await import('./close.ts')).closeWindow,
  emergency: async () => (await import('./emergency.ts')).emergencyWindow,
  freeze: async () => (await import('./freeze.ts')).freezes,
  policy: async () => (await import('./policy.ts')).policy,
  push: async () => (await import('./push.ts')).pushAgain,
  import: async () => (await import('./files.ts')).importPapers,
  export: async () => (await import('./files.ts')).exportPapers,
};

export async function window(cli: Cli, args: Args): Promise<number> {
  const word = args.what as WindowWord;
  checkWindowOptions(word, args);
  return (await HANDLERS[word]())(cli, args);
}
