/** Where to begin without a committed offset, in the terms of ListOffsets. */
import type { Clock } from '../contracts/clock.ts';
import type { AutoOffsetReset } from '../contracts/options.ts';

const EARLIEST = -2n;
export const LATEST = -1n;

/** What `seek` and the reset policy name. */
export type OffsetTarget = Exclude<AutoOffsetReset, 'none'>;

/** @returns -2 earliest, -1 latest, or milliseconds since the epoch */
export function timestampOf(target: OffsetTarget, clock: Clock): bigint {
  if (target === 'earliest') return EARLIEST;
  if (target === 'latest') return LATEST;
  const at = 'ago' in target ? clock.wall() - target.ago : target.getTime();
  return BigInt(Math.max(0, Math.floor(at)));
}

/** For events: `earliest`, `latest`, `none`, an ISO date, or `ago 60000 ms`. */
export function policyName(policy: AutoOffsetReset): string {
  if (typeof policy === 'string') return policy;
  return 'ago' in policy ? `ago ${policy.ago} ms` : policy.toISOString();
}
