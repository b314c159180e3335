/** Rules of what the coordinator decides: whose commits it may take, and that a plan gives nothing away that is still owned. */
import type { GroupTransition } from '@kohort/broker-embedded';
import { decodeAssignment, decodeSubscription, type JoinRequest } from '@kohort/core/spi';
import { isCooperative } from '../members/assignors.ts';
import type { Auditor } from './auditor.ts';

/** What a member said in its last JoinGroup. */
interface Claims {
  readonly keys: ReadonlySet<string>;
  readonly generationId: number;
}

export class GroupAudit {
  readonly #auditor: Auditor;
  readonly #claims = new Map<string, Claims>();
  /** Member ids in the order in which the coordinator took them in. */
  readonly #given: string[] = [];
  readonly #offered = new Map<string, readonly string[]>();
  /** By partition: who has it by the plan that is in force, and every one who ever had it. */
  readonly #planned = new Map<string, string>();
  readonly #everPlanned = new Map<string, Set<string>>();
  #generation = -1;
  rebalances = 0;

  constructor(auditor: Auditor) {
    this.#auditor = auditor;
  }

  moved(transition: GroupTransition): void {
    switch (transition.type) {
      case 'generation-started':
        this.rebalances += 1;
        this.#auditor.trace.record('coordinator', 'generation', { id: transition.generationId });
        return;
      case 'assignment-stored':
        this.#stored(transition.generationId, transition.assignments);
        return;
      case 'member-added':
        this.#given.push(transition.memberId);
        return;
      case 'member-replaced':
        this.#given.push(transition.memberId);
        this.#auditor.hit('static member replaced');
        this.#replaced(transition.oldMemberId, transition.memberId);
        return;
      case 'offset-committed':
        this.#committed(transition);
    }
  }

  /** A member is about to send JoinGroup. */
  joins(request: JoinRequest): Claims {
    const claims = claimsIn(request);
    if (request.memberId !== '') this.#claims.set(request.memberId, claims);
    return claims;
  }

  /** A member has joined and offers these assignors. */
  offered(memberId: string, names: readonly string[]): void {
    this.#offered.set(memberId, names);
  }

  /**
   * Whether one who offers these has one in common with all members, and the coordinator does not know: it writes down only
   * the assignor that was chosen, and one that has read its log refuses who does not have that (GroupMetadata, supportsProtocols).
   */
  hasForgottenProtocols(names: readonly string[]): boolean {
    const members = this.#auditor.membersKnown();
    const offers = members.map(({ memberId, protocols }) => this.#offered.get(memberId) ?? protocols);
    const isCommon = (name: string) => offers.every((offer) => offer.includes(name));
    return (
      names.some(isCommon) && members.some(({ protocols }, i) => protocols.length < (offers[i]?.length ?? 0))
    );
  }

  #stored(generationId: number, assignments: ReadonlyMap<string, Uint8Array>): void {
    this.#generation = generationId;
    this.#planned.clear();
    for (const [memberId, bytes] of assignments) {
      for (const key of assignedKeys(bytes)) {
        this.#planned.set(key, memberId);
        const ever = this.#everPlanned.get(key);
        if (ever) ever.add(memberId);
        else this.#everPlanned.set(key, new Set([memberId]));
      }
    }
    if (isCooperative(this.#auditor.plan.assignors)) this.#checkTwoPhases(new Set(assignments.keys()));
  }

  /** I13: what a member still had when it joined is nobody else's in the generation that follows. */
  #checkTwoPhases(memberIds: ReadonlySet<string>): void {
    const owners = new Map<string, { memberId: string; generationId: number; disputed: boolean }>();
    for (const memberId of memberIds) {
      const claims = this.#claims.get(memberId);
      if (claims === undefined || claims.generationId < 0) continue;
      for (const key of claims.keys) {
        const other = owners.get(key);
        if (other === undefined || other.generationId < claims.generationId)
          owners.set(key, { memberId, generationId: claims.generationId, disputed: false });
        else if (other.generationId === claims.generationId) {
          other.disputed = true;
          this.#auditor.hit('two claim one partition');
        }
      }
    }
    for (const [key, { memberId, disputed }] of owners) {
      const next = this.#planned.get(key);
      if (disputed || next === undefined || next === memberId) continue;
      // A plan may take what the coordinator has taken from its owner before.
      if (this.#auditor.auditOf(memberId)?.holds(key) !== true) continue;
      this.#auditor.broken(
        'I13, cooperative in two phases',
        `${key} goes to ${next} while ${memberId} still has it`,
      );
    }
  }

  /** I4: commits come from the owner, or from one who gives the partition back. */
  #committed(commit: Extract<GroupTransition, { type: 'offset-committed' }>): void {
    const key = `${commit.topic}-${commit.partition}`;
    const { memberId, generationId } = commit;
    const owner = this.#planned.get(key);
    const had = this.#everPlanned.get(key)?.has(memberId) === true;
    if (generationId < 0 || memberId === '' || !had)
      this.#auditor.broken('I4, no zombie commit', `${memberId} (${generationId}) commits ${key}`);
    else if (
      generationId === this.#generation &&
      owner !== undefined &&
      owner !== memberId &&
      !this.#isHolder(memberId, owner)
    )
      this.#auditor.broken('I4, no zombie commit', `${memberId} commits ${key}, which ${owner} owns`);
  }

  /** Whether the coordinator has gone back to an older id of this instance: then nobody has fenced the newer one. */
  hasForgottenId(memberId: string, instance: string | null): boolean {
    const holder = this.#auditor.membersKnown().find(({ groupInstanceId }) => groupInstanceId === instance);
    return holder !== undefined && this.#given.indexOf(holder.memberId) < this.#given.indexOf(memberId);
  }

  /** A coordinator that has read its log does not know of the last replacement: the instance id is still this member's. */
  #isHolder(memberId: string, successor: string): boolean {
    const instance = this.#auditor.auditOf(memberId)?.member.instance ?? null;
    if (instance === null || this.#auditor.auditOf(successor)?.member.instance !== instance) return false;
    return this.#auditor
      .membersKnown()
      .some((known) => known.memberId === memberId && known.groupInstanceId === instance);
  }

  /** The newcomer has what the one before it had. */
  #replaced(oldMemberId: string, memberId: string): void {
    for (const ever of this.#everPlanned.values()) if (ever.has(oldMemberId)) ever.add(memberId);
    for (const [key, owner] of this.#planned) if (owner === oldMemberId) this.#planned.set(key, memberId);
  }
}

function claimsIn({ protocols }: JoinRequest): Claims {
  const { owned, generationId } = decodeSubscription(protocols[0]?.metadata ?? new Uint8Array());
  const keys = owned.flatMap(({ topic, partitions }) =>
    [...partitions].map((partition) => `${topic}-${partition}`),
  );
  return { keys: new Set(keys), generationId };
}

/** Partitions of an assignment; none where it cannot be read, as a hostile leader may have written it. */
function assignedKeys(bytes: Uint8Array): string[] {
  try {
    return decodeAssignment(bytes).topics.flatMap(({ topic, partitions }) =>
      [...partitions].map((partition) => `${topic}-${partition}`),
    );
  } catch {
    return [];
  }
}
