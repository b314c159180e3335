/** What must hold in each state of the world, whatever led to it. */
import { leaseLeft } from '../../src/membership/lease.ts';
import { find } from './coordinator.ts';
import { type Member, momentOf, PARTITIONS, type World } from './world.ts';

/** Ends an exploration. */
export class Violation extends Error {}

export function demand(holds: boolean, rule: string, problem: () => string): void {
  if (!holds) throw new Violation(`${rule} is broken: ${problem()}`);
}

/** What the member may work on by its own clocks. */
function workable(member: Member): number {
  if (!member.alive || member.m.state === 'in-doubt') return 0;
  return leaseLeft(member.m, momentOf(member)) > 0 ? member.owned : 0;
}

/** I1, and that a commit is taken from nobody but an owner. Notes who may commit under the present generation. */
export function checkWorld(w: World): void {
  for (const member of w.members) checkTerminal(member);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const bit = 1 << partition;
    const owners = w.members.filter((member) => workable(member) & bit);
    demand(
      owners.length <= 1,
      'I1, exclusive ownership',
      () => `${owners.map(({ name }) => name).join(' and ')} own partition ${partition}`,
    );
    for (const owner of owners) noteCommitter(w, partition, owner);
  }
}

function noteCommitter(w: World, partition: number, { name, m }: Member): void {
  const { memberId, generationId } = m.triple;
  if (w.group.generationId !== generationId) return;
  const ids = w.committers[partition] ?? [];
  if (!ids.includes(memberId)) ids.push(memberId);
  const able = ids.filter((id) => find(w, id));
  demand(
    able.length <= 1,
    'I4, no zombie commit',
    () =>
      `in generation ${generationId} partition ${partition} may be committed by ${able.join(' and ')} (${name})`,
  );
}

function checkTerminal({ name, m }: Member): void {
  demand(m.state !== 'terminal', 'P5, no end without cause', () => `${name}: ${m.ending?.failure?.message}`);
}
