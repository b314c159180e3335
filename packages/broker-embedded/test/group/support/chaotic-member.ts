/** A client that sends what it is told, right or wrong, with what it knows from earlier answers. */
import type { JoinGroupResponse, SyncGroupResponse } from '../../../src/group/messages.ts';
import { bytes, commitBody, context, GROUP, joinBody, protocol, subscription, syncBody } from './bodies.ts';
import { Call, type Harness, settle } from './harness.ts';

const PROTOCOLS = [
  [protocol('range')],
  [protocol('range', subscription('t', 'u'))],
  [protocol('sticky'), protocol('range')],
  [protocol('range'), protocol('sticky')],
];

/** A knob that a property turns. */
export interface Choice {
  readonly version: number;
  /** Which of the lists of protocols is offered. */
  readonly offer: number;
  /** The request carries a generation that is not the member's. */
  readonly wrong: boolean;
}

export class ChaoticMember {
  readonly calls: Call<unknown>[] = [];
  readonly #h: Harness;
  readonly #instance: string | null;
  readonly #sessionTimeoutMs: number;
  #id = '';
  #generation = -1;
  #others: readonly string[] = [];

  constructor(h: Harness, instance: string | null, sessionTimeoutMs: number) {
    this.#h = h;
    this.#instance = instance;
    this.#sessionTimeoutMs = sessionTimeoutMs;
  }

  #send<T>(promise: Promise<T>): Call<T> {
    const call = new Call(promise);
    this.calls.push(call);
    return call;
  }

  async join({ version, offer }: Choice): Promise<void> {
    const groupInstanceId = this.#instance;
    const body = joinBody({
      memberId: this.#id,
      groupInstanceId,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      rebalanceTimeoutMs: 15_000,
      protocols: PROTOCOLS[offer % PROTOCOLS.length] ?? [],
    });
    // Before v5 there are no static members.
    const spoken = groupInstanceId === null ? version : Math.max(version, 5);
    const promise = this.#h.coordinator.joinGroup(body, context(spoken));
    this.#send(promise);
    void promise.then((answer) => this.#joined(answer));
    await settle();
  }

  #joined(answer: JoinGroupResponse): void {
    if (answer.errorCode === 79) this.#id = answer.memberId;
    else if (answer.errorCode === 25 || answer.errorCode === 82) this.forget();
    if (answer.errorCode !== 0) return;
    this.#id = answer.memberId;
    this.#generation = answer.generationId;
    this.#others = answer.skipAssignment ? [] : answer.members.map(({ memberId }) => memberId);
  }

  async sync({ version, wrong }: Choice): Promise<void> {
    const body = syncBody({
      memberId: this.#id,
      generationId: this.#generation + (wrong ? 1 : 0),
      groupInstanceId: this.#instance,
      assignments: this.#others.map((memberId, index) => ({ memberId, assignment: bytes(index + 1) })),
    });
    this.#send<SyncGroupResponse>(this.#h.coordinator.syncGroup(body, context(Math.min(version, 4))));
    await settle();
  }

  async heartbeat({ wrong }: Choice): Promise<void> {
    const generationId = this.#generation + (wrong ? 1 : 0);
    const given = { groupId: GROUP, memberId: this.#id, generationId, groupInstanceId: this.#instance };
    this.#send(this.#h.coordinator.heartbeat(given));
    await settle();
  }

  async commit({ wrong }: Choice): Promise<void> {
    const generationIdOrMemberEpoch = this.#generation + (wrong ? 1 : 0);
    const given = { memberId: this.#id, generationIdOrMemberEpoch, groupInstanceId: this.#instance };
    this.#send(this.#h.coordinator.commitOffsets(commitBody(given), context(7)));
    await settle();
  }

  async leave({ wrong }: Choice): Promise<void> {
    await this.#h.leave(wrong ? '' : this.#id, this.#instance);
    if (!wrong) this.forget();
  }

  /** The process restarts: it knows nothing any more. */
  forget(): void {
    this.#id = '';
    this.#generation = -1;
    this.#others = [];
  }
}
