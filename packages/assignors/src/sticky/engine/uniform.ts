/** A group in which all subscribe to everything, as most do: one class, and nothing to search for. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { evenShares } from './even.ts';
import type { EngineInput } from './input.ts';
import { parts, type Realised, Realiser } from './realise.ts';

const LOOKS_PER_STEP = 1 << 17;

/** Whether all members subscribe to all topics, and racks play no part. */
export function isUniform({ memberTopics, topicBase, racks }: EngineInput): boolean {
  const topicCount = topicBase.length - 1;
  if (racks !== undefined || topicCount === 0) return false;
  for (const topics of memberTopics) if (topics.length !== topicCount) return false;
  return true;
}

/** What the table of such a group would come to. */
export function* solveUniform(input: EngineInput): Steps<Realised> {
  const { memberCount, owner } = input;
  const held = new Int32Array(memberCount);
  let claimed = 0;
  for (let from = 0; from < owner.length; from += LOOKS_PER_STEP) {
    claimed += countHeld(owner, from, Math.min(owner.length, from + LOOKS_PER_STEP), held);
    yield;
  }
  if (claimed === 0) return dealtInTurn(owner.length, memberCount);
  const realiser = new Realiser(input, ascending(owner.length));
  const wanted = evenShares(owner.length, held);
  yield* realiser.share({ partitions: realiser.flatIds, members: ascending(memberCount), held, wanted });
  return yield* realiser.finish(wanted);
}

function countHeld(owner: Int32Array, from: number, end: number, held: Int32Array): number {
  let claimed = 0;
  for (let p = from; p < end; p++) {
    const member = at(owner, p);
    if (member === -1) continue;
    held[member] = at(held, member) + 1;
    claimed++;
  }
  return claimed;
}

/** Nobody holds anything: each member gets every so-manieth partition. */
function dealtInTurn(partitionCount: number, memberCount: number): Realised {
  const flatIds = new Int32Array(partitionCount);
  const start = new Int32Array(memberCount + 1);
  let size = 0;
  for (let member = 0; member < memberCount; member++) {
    for (let p = member; p < partitionCount; p += memberCount) flatIds[size++] = p;
    start[member + 1] = size;
  }
  return parts(flatIds, start);
}

function ascending(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}
