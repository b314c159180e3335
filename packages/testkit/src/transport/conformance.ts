/** The conformance suite for transports, for any test runner that has `describe` and `it`. */
import type { ConformanceRunner } from '../conformance.ts';
import { deadlineLaws } from './laws/deadlines.ts';
import { endLaws } from './laws/ends.ts';
import { exchangeLaws } from './laws/exchange.ts';
import { laneLaws } from './laws/lanes.ts';
import { openingLaws } from './laws/opening.ts';
import { type MakeTransport, withSetting } from './setting.ts';

const LAWS = [...openingLaws, ...exchangeLaws, ...laneLaws, ...deadlineLaws, ...endLaws];

/**
 * Declares one test for each law that a transport has to keep, over real sockets to a server on loopback that answers as
 * the law needs it: codes as data, lanes that do not wait for each other, deadlines, aborts, ends of connections, and that
 * nothing is left behind. Tests of one file must not run at the same time, since open handles are counted.
 *
 * @param make the transport under test, in plain text, for a cluster with that bootstrap server
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { transportConformance } from '@kohort/testkit';
 * import { tcpTransport } from '@kohort/transport-tcp';
 *
 * transportConformance({ describe, it }, ({ host, port }) => tcpTransport({ brokers: [`${host}:${port}`] }));
 * ```
 */
export function transportConformance({ describe, it }: ConformanceRunner, make: MakeTransport): void {
  const { name } = make({ host: '127.0.0.1', port: 9 });
  describe(`transport conformance of ${name}`, () => {
    for (const law of LAWS) it(`${law.name}: ${law.says}`, () => withSetting(make, law.check));
  });
}
