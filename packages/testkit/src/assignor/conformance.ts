/** The conformance suite for assignors, for any test runner that has `describe` and `it`. */
import type { Assignor } from '@kohort/core/spi';
import type { ConformanceRunner } from '../conformance.ts';
import { checkLaw } from './check-law.ts';
import { lawsFor } from './laws.ts';
import { type AssignorConformanceOptions, readSettings } from './options.ts';
import { Subject } from './subject.ts';

/**
 * Declares one test for each law that the assignor has to keep. Each tries many problems; when one breaks the law, the
 * test fails with the smallest such problem as a table and as a line for a regression test.
 *
 * @param make a new instance, as each member of a group has one
 * @param options what the assignor promises beyond lawful plans
 * @throws RangeError for numbers that cannot be used, SyntaxError for a problem that cannot be read
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { roundRobin } from '@kohort/core/spi';
 * import { assignorConformance } from '@kohort/testkit';
 *
 * assignorConformance({ describe, it }, () => roundRobin(), { sameAs: 'roundrobin', balance: 'uniform' });
 * ```
 */
export function assignorConformance(
  { describe, it }: ConformanceRunner,
  make: () => Assignor,
  options: AssignorConformanceOptions = {},
): void {
  const subject = new Subject(make, readSettings(options));
  const assignor = make();
  describe(`assignor conformance of ${assignor.name}`, () => {
    for (const law of lawsFor(subject.settings, assignor)) {
      it(`${law.name}: ${law.says}`, () => checkLaw(law, subject));
    }
  });
}
