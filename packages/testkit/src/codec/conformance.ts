/** The conformance suite for codecs, for any test runner that has `describe` and `it`. */
import type { CompressionCodec } from '@kohort/core/spi';
import { type ConformanceRunner, declareLaws } from '../conformance.ts';
import { behaviourLaws } from './laws/behaviour.ts';
import { boundLaws } from './laws/bounds.ts';
import { damageLaws } from './laws/damage.ts';
import { readingLaws } from './laws/reading.ts';

/**
 * Declares one test for each law that a codec has to keep: it reads what Java's clients write, stops at its bound before it
 * has the memory of a bomb, and refuses what is cut off.
 *
 * @param make the codec, of one of the four types that Kafka has
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { gunzipSync } from 'node:zlib';
 * import { codecConformance } from '@kohort/testkit';
 *
 * codecConformance({ describe, it }, () => ({
 *   type: 'gzip',
 *   decompress: (bytes, { maxBytes }) => gunzipSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }),
 * }));
 * ```
 */
export function codecConformance(runner: ConformanceRunner, make: () => CompressionCodec): void {
  const laws = [...readingLaws, ...boundLaws, ...damageLaws, ...behaviourLaws];
  declareLaws(runner, `codec conformance of ${make().type}`, laws, make);
}
