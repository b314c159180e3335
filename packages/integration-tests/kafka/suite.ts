// Declares test suites that need real Kafka: where it cannot be had they are skipped, loudly and with the reason.

import { describe } from 'vitest';

/**
 * `describe`, or a skipped suite whose title carries the reason.
 * `missing`: what `kafkaAvailable()` or `javaAvailable()` answered.
 */
export function describeKafka(title: string, missing: string | undefined, body: () => void): void {
  if (missing === undefined) {
    describe(title, body);
    return;
  }
  process.stderr.write(`\nSKIPPED: ${title}: ${missing}\n`);
  describe.skip(`${title} [skipped: ${missing}]`, body);
}
