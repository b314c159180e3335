/** Everything that needs only Node: runs on the sources, no build. Real Kafka and packed packages have configurations of their own. */
import { defineConfig } from 'vitest/config';
import { projectOf, sharedTestOptions, sourceResolution } from './vitest.shared.ts';

/** Tests without sockets, processes and groups that outlive them: a fresh copy of all modules for each file costs more than they do. */
const light = [
  'packages/assignors/test/**/*.test.ts',
  'packages/core/test/**/*.test.ts',
  'packages/metrics/test/**/*.test.ts',
  'packages/protocol/test/**/*.test.ts',
];
const property = ['**/test/**/*.property.test.ts'];
const conformance = ['**/test/conformance/**/*.test.ts', '**/test/**/*.conformance.test.ts'];
const simulation = ['**/test/simulation/**/*.test.ts', '**/test/**/*.simulation.test.ts'];
const kafka = ['**/test/kafka/**/*.test.ts'];
/** What needs packed packages, and what is a package only when it has been written. */
const packages = ['**/test/packages/**/*.test.ts', '**/templates/**'];

export default defineConfig({
  ...sourceResolution,
  test: {
    ...sharedTestOptions,
    // A hang must end; a machine busy with other work must not fail a test that is only slow.
    testTimeout: 30_000,
    // On two cores the default is one worker; much of what these tests do is waiting.
    maxWorkers: 2,
    hookTimeout: 30_000,
    projects: [
      projectOf('light', light, [...property, ...conformance, ...simulation, ...kafka, ...packages], false),
      projectOf(
        'unit',
        ['**/test/**/*.test.ts'],
        [...light, ...property, ...conformance, ...simulation, ...kafka, ...packages],
      ),
      projectOf('property', property, [...conformance, ...simulation, ...kafka]),
      projectOf('conformance', conformance, kafka),
      projectOf('simulation', simulation, kafka),
    ],
  },
});
