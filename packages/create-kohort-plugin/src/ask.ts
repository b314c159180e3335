/** Questions in the terminal. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Ask } from './choose.ts';

/** Answers that come before their question are kept for it, so that they can be piped in. */
export function askOn(input: Readable, output: Writable): { readonly ask: Ask; readonly close: () => void } {
  const lines = createInterface({ input });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    async ask(question) {
      output.write(question);
      const { value, done } = await iterator.next();
      return done ? null : String(value).trim();
    },
    close: () => lines.close(),
  };
}
