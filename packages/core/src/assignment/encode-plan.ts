/** A plan as the bytes of SyncGroup: an entry for every member, topics and partitions in order. */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { ASSIGNMENT_VERSION } from '../wire/assignment.ts';
import { ByteWriter } from '../wire/bytes.ts';
import { CHUNK, type Steps } from './steps.ts';
import { TopicNames } from './topic-names.ts';

export interface EncodedAssignment {
  readonly memberId: string;
  readonly assignment: Uint8Array;
}

/**
 * The bytes of `encodeAssignment`, without a list for each topic of each member.
 *
 * @param versions version of each member's subscription: it can read an assignment of that version
 */
export function* encodePlan(
  problem: AssignmentProblem,
  plan: AssignmentPlan,
  versions: readonly number[],
): Steps<EncodedAssignment[]> {
  const { bytes: names } = new TopicNames(problem.topics);
  const encoded: EncodedAssignment[] = [];
  let work = 0;
  for (const [i, { memberId }] of problem.members.entries()) {
    const flatIds = ascending(plan.partitions[i] ?? new Int32Array());
    const version = Math.min(versions[i] ?? 0, ASSIGNMENT_VERSION);
    const userData = plan.userData?.[i] ?? null;
    const writer = new ByteWriter(sizeOf(problem, flatIds, names) + (userData?.length ?? 0));
    writer.int16(version);
    writePartitions(writer, problem, flatIds, names);
    writer.nullableData(userData);
    encoded.push({ memberId, assignment: writer.finish() });
    work += flatIds.length + 1;
    if (work < CHUNK) continue;
    work = 0;
    yield;
  }
  return encoded;
}

function ascending(flatIds: Int32Array): Int32Array {
  for (let i = 1; i < flatIds.length; i++) {
    if ((flatIds[i - 1] ?? 0) > (flatIds[i] ?? 0)) return flatIds.toSorted();
  }
  return flatIds;
}

/** Where the partitions of the next topic begin. */
function endOfTopic({ topics }: AssignmentProblem, t: number, flatIds: Int32Array, from: number): number {
  const { base = 0, partitionCount = 0 } = topics[t] ?? {};
  let end = from + 1;
  while (end < flatIds.length && (flatIds[end] ?? 0) < base + partitionCount) end++;
  return end;
}

/** Bytes for version, partitions by topic, and the length of the user data. */
function sizeOf(problem: AssignmentProblem, flatIds: Int32Array, names: readonly Uint8Array[]): number {
  let size = 2 + 4 + 4 * flatIds.length + 4;
  for (let from = 0; from < flatIds.length; ) {
    const t = problem.topicOf(flatIds[from] ?? 0);
    size += 2 + (names[t]?.length ?? 0) + 4;
    from = endOfTopic(problem, t, flatIds, from);
  }
  return size;
}

function writePartitions(
  writer: ByteWriter,
  problem: AssignmentProblem,
  flatIds: Int32Array,
  names: readonly Uint8Array[],
): void {
  const countAt = writer.length;
  writer.int32(0);
  let count = 0;
  for (let from = 0; from < flatIds.length; count++) {
    const t = problem.topicOf(flatIds[from] ?? 0);
    const name = names[t] ?? new Uint8Array();
    const base = problem.topics[t]?.base ?? 0;
    const end = endOfTopic(problem, t, flatIds, from);
    writer
      .int16(name.length)
      .raw(name)
      .int32(end - from);
    for (; from < end; from++) writer.int32((flatIds[from] ?? 0) - base);
  }
  writer.patchInt32(countAt, count);
}
