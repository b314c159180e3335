/** Transports that break a law are noticed by the conformance suite; that the real ones keep them is tested beside each. */
import { transportConformance } from '@kohort/testkit';
import { describe, expect, it } from 'vitest';
import { wrongTransports } from './wrong-transports.ts';

describe('the conformance suite', () => {
  it.each(wrongTransports)(
    'notices a transport that $what: "$law"',
    { timeout: 30_000 },
    async ({ law, make }) => {
      const tests = new Map<string, () => Promise<void>>();
      const collect = { describe: (_: string, body: () => void) => body(), it: tests.set.bind(tests) };
      transportConformance(collect, make);
      const [, check] = [...tests].find(([title]) => title.startsWith(`${law}: `)) ?? [];
      if (check === undefined) throw new Error(`there is no law ${law}`);
      await expect(check()).rejects.toThrow();
    },
  );
});
