/** Which version of an API both sides speak. */
import type { VersionRange } from '../api.ts';

/** The highest version in both ranges, undefined for none. */
export function commonVersion(spoken: VersionRange, offered: VersionRange | undefined): number | undefined {
  if (offered === undefined) return undefined;
  const version = Math.min(spoken.max, offered.max);
  return version >= Math.max(spoken.min, offered.min) ? version : undefined;
}

/** The text of an `unsupportedVersion` error: the API, both ranges, and what to do. */
export function noCommonVersion(
  api: string,
  spoken: VersionRange,
  offered: VersionRange | undefined,
  needs: string | undefined,
): string {
  const wanted = `Kohort needs a version ${rangeText(spoken)}${needs === undefined ? '' : ` for ${needs}`}`;
  const found =
    offered === undefined ? 'the broker does not offer it' : `the broker offers ${rangeText(offered)}`;
  return `No common version of ${api}: ${wanted}, ${found}. Use brokers of Kafka 2.4 or later.`;
}

function rangeText({ min, max }: VersionRange): string {
  if (min > max) return `of at least ${min}`;
  return min === max ? `${min}` : `${min} to ${max}`;
}
