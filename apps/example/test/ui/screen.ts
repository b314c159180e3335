/** A terminal that only remembers, and a run with a page on a free port. */
import { runUi } from '../../src/ui/run-ui.ts';

export interface Running {
  /** Of the page. */
  readonly address: string;
  readonly stop: () => void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  /** What the terminal shows. */
  readonly text: () => string;
}

/** Resolves when the page is served. Rejects when it cannot be. */
export function startUi(brokers: readonly string[] | null = null): Promise<Running> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    let text = '';
    const terminal = {
      write(written: string) {
        text += written;
        const [address] = /http:\/\/\S+/.exec(text) ?? [];
        if (address === undefined) return;
        resolve({ address, stop: () => stop.abort(), ended, text: () => text });
      },
    };
    const ended = runUi({ brokers, seed: 1, host: '127.0.0.1', port: 0 }, terminal, stop.signal);
    ended.catch(reject);
  });
}
