/** Sends the membership's requests and turns what comes back into events. Each answer carries the token of its request. */

import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { CoordinatorResult } from '../contracts/transport.ts';
import type { RequestFailure } from '../contracts/verdict.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Effect } from '../membership/effect.ts';
import { decodeAssignment } from '../wire/assignment.ts';
import { ProtocolError } from '../wire/bytes.ts';
import type { ManagerContext } from './context.ts';
import { failureOf } from './failure-of.ts';
import type { Leader } from './leader.ts';

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

const PROTOCOL_TYPE = 'consumer';

export class GroupRequests {
  readonly #context: ManagerContext;
  readonly #leader: Leader;
  readonly #onUnusable: (error: KohortError) => void;

  /** @param onUnusable told when what the group needs cannot be had from this cluster */
  constructor(context: ManagerContext, leader: Leader, onUnusable: (error: KohortError) => void) {
    this.#context = context;
    this.#leader = leader;
    this.#onUnusable = onUnusable;
  }

  get #instance(): { readonly groupInstanceId?: string } {
    const { groupInstanceId } = this.#context.settings;
    return groupInstanceId === undefined ? {} : { groupInstanceId };
  }

  async findCoordinator({ token }: EffectOf<'find-coordinator'>): Promise<void> {
    const { connection, settings, signal, post } = this.#context;
    const { groupId, requestTimeout } = settings;
    try {
      await connection.open();
      const result = await connection.transport.findCoordinator(groupId, {
        timeoutMs: requestTimeout,
        signal,
      });
      if (result.coordinator) post({ type: 'coordinator', token, coordinator: result.coordinator });
      else this.#lookupRefused(token, result);
    } catch (error) {
      this.#context.noteFailure(error);
      if (error instanceof KohortError && !('sent' in error)) this.#onUnusable(error);
      else this.#lookupFailed(token, failureOf(error));
    }
  }

  #lookupRefused(token: number, { errorCode, errorMessage }: CoordinatorResult): void {
    const { noteFailure } = this.#context;
    const { name } = describeKafkaCode(errorCode);
    const message = `FindCoordinator was answered with ${name}${errorMessage ? `: ${errorMessage}` : ''}.`;
    noteFailure(new KohortError(ErrorCode.broker, message, { kafkaCode: errorCode, retriable: true }));
    this.#lookupFailed(token, { errorCode });
  }

  #lookupFailed(token: number, failure: RequestFailure): void {
    const { connection, post } = this.#context;
    post({ type: 'lookup-failed', token, failure, connected: connection.isOpen });
  }

  async join(effect: EffectOf<'join'>): Promise<void> {
    const { connection, settings, signal, post } = this.#context;
    const { groupId, sessionTimeout, rebalanceTimeout } = settings;
    const failed = (failure: RequestFailure, memberId = '') =>
      post({ type: 'join-failed', token: effect.token, failure, memberId });
    try {
      const result = await connection.transport.joinGroup(
        effect.coordinator,
        {
          groupId,
          sessionTimeoutMs: sessionTimeout,
          rebalanceTimeoutMs: rebalanceTimeout,
          memberId: effect.memberId,
          ...this.#instance,
          protocolType: PROTOCOL_TYPE,
          protocols: this.#leader.subscriptions(effect),
          reason: effect.reason,
        },
        { timeoutMs: effect.timeoutMs, signal },
      );
      if (result.errorCode === KafkaCode.none) post({ type: 'joined', token: effect.token, answer: result });
      else failed({ errorCode: result.errorCode }, result.memberId);
    } catch (error) {
      failed(failureOf(error));
    }
  }

  async sync(effect: EffectOf<'sync'>): Promise<void> {
    const { connection, settings, signal, post } = this.#context;
    const { groupId } = settings;
    const failed = (failure: RequestFailure) => post({ type: 'sync-failed', token: effect.token, failure });
    const { memberId, generationId, protocolName } = effect.triple;
    try {
      const result = await connection.transport.syncGroup(
        effect.coordinator,
        {
          groupId,
          generationId,
          memberId,
          ...this.#instance,
          protocolType: PROTOCOL_TYPE,
          protocolName: protocolName ?? '',
          assignments: effect.assignments,
        },
        { timeoutMs: effect.timeoutMs, signal },
      );
      if (result.errorCode !== KafkaCode.none) {
        failed({ errorCode: result.errorCode });
        return;
      }
      const decoded = decodeAssignment(result.assignment);
      const partitions: TopicPartition[] = decoded.topics.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      this.#leader.onAssignment(partitions, decoded.userData);
      post({
        type: 'synced',
        token: effect.token,
        answer: { protocolType: result.protocolType, protocolName: result.protocolName, partitions },
      });
    } catch (error) {
      failed(error instanceof ProtocolError ? { transport: 'decode', sent: 'maybe' } : failureOf(error));
    }
  }

  async heartbeat(effect: EffectOf<'heartbeat'>): Promise<void> {
    const { connection, settings, signal, post } = this.#context;
    const { groupId } = settings;
    const { memberId, generationId } = effect.triple;
    try {
      const result = await connection.transport.heartbeat(
        effect.coordinator,
        { groupId, generationId, memberId, ...this.#instance },
        { timeoutMs: effect.timeoutMs, signal, lane: effect.beside ? 'offsets' : 'group' },
      );
      if (result.errorCode === KafkaCode.none) post({ type: 'heartbeat', token: effect.token });
      else post({ type: 'heartbeat-failed', token: effect.token, failure: { errorCode: result.errorCode } });
    } catch (error) {
      post({ type: 'heartbeat-failed', token: effect.token, failure: failureOf(error) });
    }
  }
}
