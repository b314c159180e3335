/** Reports what each entry adds to a program (one ESM bundle, minified, gzipped) and fails above its bound. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSizes } from './release/bundle-size.mjs';

/** Bytes, gzipped: what we aim for with the core. */
const CORE_TARGET = 20_000;

/** Bytes, gzipped, that a change must not exceed. An entry's siblings and peers do not count. */
const BOUNDS = new Map([
  ['@kohort/assignors', 13_000],
  ['@kohort/broker-embedded', 32_000],
  ['@kohort/core', 55_000],
  ['@kohort/core/spi', 12_500],
  ['@kohort/metrics', 2_000],
  ['@kohort/metrics/diagnostics-channel', 1_300],
  ['@kohort/metrics/health', 1_700],
  ['@kohort/metrics/log', 2_000],
  ['@kohort/metrics/opentelemetry', 9_500],
  ['@kohort/metrics/prometheus', 9_000],
  ['@kohort/metrics/timeline', 5_300],
  ['@kohort/protocol', 25_000],
  ['@kohort/testkit', 49_000],
  ['@kohort/transport-kafkajs', 6_000],
  ['@kohort/transport-tcp', 7_500],
]);

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const sizes = await bundleSizes(join(dirname(fileURLToPath(import.meta.url)), '..'));
/** @type {string[]} */
const problems = [];
for (const { entry, gzipped } of sizes) {
  const bound = BOUNDS.get(entry);
  if (bound === undefined) problems.push(`${entry} has ${kilobytes(gzipped)} and no bound in check-size.mjs`);
  else if (gzipped > bound) {
    problems.push(`${entry} has ${kilobytes(gzipped)}, above its bound of ${kilobytes(bound)}`);
  }
}
for (const entry of BOUNDS.keys()) {
  if (!sizes.some((size) => size.entry === entry)) problems.push(`${entry} has a bound and is no entry`);
}
for (const problem of problems) console.log(problem);
const core = sizes.find(({ entry }) => entry === '@kohort/core');
console.log(
  `${sizes.length} entries, ${problems.length} problems; core: ${kilobytes(core?.gzipped ?? 0)} gzipped, ` +
    `${kilobytes(core?.minified ?? 0)} minified (target ${kilobytes(CORE_TARGET)})`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
