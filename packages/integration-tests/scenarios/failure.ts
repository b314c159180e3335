/** How a group ended that ended by itself. */
import { KohortError } from '@kohort/core';
import type { Ending } from './member.ts';
import type { World } from './world.ts';

/** Waits for the end of a group. @throws Error unless it ended with a KohortError */
export async function failureOf(
  world: World,
  member: { readonly name: string; readonly ending: Ending },
  limitMs?: number,
): Promise<KohortError> {
  await world.until(`${member.name} has ended`, () => member.ending.state !== 'open', limitMs);
  const { ending } = member;
  if (ending.state !== 'failed' || !(ending.error instanceof KohortError))
    throw new Error(`${member.name} ended without a KohortError: ${JSON.stringify(ending)}`);
  return ending.error;
}
