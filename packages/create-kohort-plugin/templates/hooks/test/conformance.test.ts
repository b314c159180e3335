/** The laws of a hook, tried with every event that there is. */
import { hookConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { examplePlugin } from '../src/index.ts';

hookConformance({ describe, it }, () => {
  const hook = examplePlugin();
  return { hook, series: () => hook.counts.size };
});
