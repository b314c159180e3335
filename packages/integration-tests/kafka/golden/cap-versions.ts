// Lowers the versions that a broker offers, in the ApiVersions answer on its way to the client: so real
// clients write, and a real broker answers, versions that the two would not choose by themselves.

import { unsignedVarint } from './frame.ts';

// Without these the clients refuse to work at all.
const NEVER_BELOW: ReadonlyMap<number, number> = new Map([
  [2, 1], // ListOffsets
  [3, 1], // Metadata
  [17, 1], // SaslHandshake: version 0 is followed by bytes that are no Kafka frames
]);

/** Sets each API's newest version in an ApiVersions response frame to at most `cap` (not below its oldest). */
export function capVersions(frame: Buffer, version: number, cap: number): Buffer {
  const capped = Buffer.from(frame);
  const flexible = version >= 3;
  // Correlation id, error code, then the list.
  let at = 6;
  let count: number;
  if (flexible) {
    const [countPlusOne, next] = unsignedVarint(capped, at);
    count = countPlusOne - 1;
    at = next;
  } else {
    count = capped.readInt32BE(at);
    at += 4;
  }
  for (; count > 0; count -= 1) {
    const oldest = capped.readInt16BE(at + 2);
    const newest = capped.readInt16BE(at + 4);
    const lowest = Math.max(oldest, NEVER_BELOW.get(capped.readInt16BE(at)) ?? 0);
    capped.writeInt16BE(Math.min(newest, Math.max(lowest, cap)), at + 4);
    at += 6;
    if (flexible) at += 1;
  }
  return capped;
}
