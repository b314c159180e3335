/** `pnpm run explore`: explores the small world, and prints how much that was. */
import { parseArgs } from 'node:util';
import { explore } from './explore.ts';
import type { Protocol } from './world.ts';

const PROTOCOLS: readonly Protocol[] = ['eager', 'cooperative'];

const { values } = parseArgs({
  options: {
    /** How many at most. */
    perturbations: { type: 'string', default: '1' },
    /** One of the two; both when left out. */
    protocol: { type: 'string' },
    /** One order of what happens by itself, instead of every one. */
    one: { type: 'boolean', default: false },
  },
});
const perturbations = Number(values.perturbations);
if (!Number.isInteger(perturbations) || perturbations < 0 || perturbations > 100)
  throw new Error(`--perturbations is ${values.perturbations}; it must be a whole number from 0 to 100.`);
const protocols = PROTOCOLS.filter((protocol) => (values.protocol ?? protocol) === protocol);
if (protocols.length === 0)
  throw new Error(`--protocol is ${values.protocol}; it must be one of ${PROTOCOLS.join(', ')}.`);
const interleavings = values.one ? 'one' : 'all';
for (const protocol of protocols) {
  const { states, steps, seconds, longestHealing } = explore({ protocol, perturbations, interleavings });
  console.log(
    `${protocol}, up to ${perturbations} perturbations, interleavings ${interleavings}: ${states} states, ${steps} steps, ` +
      `${seconds.toFixed(1)} s; every state becomes stable within ${longestHealing} steps`,
  );
}
