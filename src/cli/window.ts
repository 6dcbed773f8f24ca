/** `window WHAT`: to whom each word goes. Loaded when called, and only what that word needs. */
import type { Args } from './args.ts';
import type { Cli } from './context.ts';
import { checkWindowOptions, type WindowWord } from './window-verb.ts';

type Handler = (cli: Cli, args: Args) => Promise<number>;

const HANDLERS: Record<WindowWord, () => Promise<Handler>> = {
  list: async () => (await import('./window-list.ts')).listWindows,
  show: async () => (await import('./window-list.ts')).showWindow,
  request: async () => (await import('./window-request.ts')).requestWindow,
  approve: async () => (await import('./window-answers.ts')).approveWindow,
  reject: async () => (await import('./window-answers.ts')).rejectWindow,
  withdraw: async () => (await import('./window-answers.ts')).withdrawWindow,
  review: async () => (await import('./window-answers.ts')).reviewWindow,
  open: async () => (await import('./window-open.ts')).openWindow,
  close: async () => (await import('./window-close.ts')).closeWindow,
  emergency: async () => (await import('./window-emergency.ts')).emergencyWindow,
  freeze: async () => (await import('./window-freeze.ts')).freezes,
  policy: async () => (await import('./window-policy.ts')).policy,
  push: async () => (await import('./window-push.ts')).pushAgain,
  import: async () => (await import('./window-files.ts')).importPapers,
  export: async () => (await import('./window-files.ts')).exportPapers,
};

export async function window(cli: Cli, args: Args): Promise<number> {
  const word = args.what as WindowWord;
  checkWindowOptions(word, args);
  return (await HANDLERS[word]())(cli, args);
}
