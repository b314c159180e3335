/** Carries out what the machine says about ownership: tables, sessions, and the user's callbacks, in this order. */
import type { OwnershipCallbacks } from '../contracts/session.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { KohortError } from '../errors/kohort-error.ts';
import type { Effect } from '../membership/effect.ts';
import type { CallbackQueue } from './callbacks.ts';
import type { ManagerContext } from './context.ts';
import type { OffsetAccess } from './offset-access.ts';
import type { Lease, OwnershipTable } from './ownership.ts';
import { Session } from './session.ts';

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

/** Milliseconds that `onLost` may take. */
const LOST_BOUND_MS = 5000;

export interface OwnershipEffectsOptions {
  readonly context: ManagerContext;
  readonly table: OwnershipTable;
  readonly lease: Lease;
  readonly queue: CallbackQueue;
  readonly access: OffsetAccess;
  readonly callbacks: OwnershipCallbacks;
  readonly stepOut: (stuck: readonly TopicPartition[], until: Promise<unknown>) => void;
  readonly fail: (error: KohortError) => void;
}

export class OwnershipEffects {
  readonly #options: OwnershipEffectsOptions;
  #session: Session | null = null;

  constructor(options: OwnershipEffectsOptions) {
    this.#options = options;
  }

  renew({ mono, wall }: EffectOf<'lease'>): void {
    this.#options.lease.renew(mono, wall);
  }

  assign({ token, triple, isLeader, added }: EffectOf<'assign'>): void {
    const { context, table, queue, callbacks } = this.#options;
    const { settings, notifier, post } = context;
    table.begin(added);
    this.#session?.end();
    const session = this.#newSession(triple.generationId, triple.memberId, isLeader);
    this.#session = session;
    queue.add({
      name: 'onAssigned',
      signal: new AbortController(),
      boundMs: settings.maxProcessingTime,
      work: (signal) => callbacks.onAssigned?.({ partitions: added, session, signal }),
      done: (callbackMs) => {
        notifier.emit('partitions.assigned', { partitions: added, callbackMs });
        post({ type: 'applied', token });
      },
    });
  }

  #newSession(generationId: number, memberId: string, isLeader: boolean): Session {
    const { context, table, access, stepOut, fail } = this.#options;
    return new Session({
      generationId,
      memberId,
      groupInstanceId: context.settings.groupInstanceId,
      isLeader,
      ownership: table,
      access,
      stepOut,
      fail,
    });
  }

  revoke({ token, partitions, deadlineMs, reason }: EffectOf<'revoke'>): void {
    const { context, table, queue, callbacks } = this.#options;
    const { notifier, post, settings } = context;
    const session = this.#session;
    if (partitions.length === table.size) queue.overtakeAssigned();
    queue.add({
      name: 'onRevoked',
      signal: new AbortController(),
      // Where no rebalance ends it at the deadline, because none has begun or the claim protects what is given back.
      boundMs: deadlineMs + settings.maxProcessingTime,
      work: (signal) =>
        session ? callbacks.onRevoked?.({ partitions, session, deadlineMs, signal, reason }) : undefined,
      done: (callbackMs) => {
        table.end(partitions);
        if (table.size === 0) this.#session?.end();
        notifier.emit('partitions.revoked', { partitions, callbackMs });
        post({ type: 'revoked', token });
      },
    });
  }

  lose({ partitions, reason }: EffectOf<'lose'>): void {
    const { context, table, queue, callbacks } = this.#options;
    table.end(partitions);
    // One stuck partition does not stop the others from being given back.
    if (reason !== 'processing-deadline') queue.abandon();
    if (table.size === 0) this.#session?.end();
    queue.add({
      name: 'onLost',
      signal: new AbortController(),
      boundMs: LOST_BOUND_MS,
      work: () => callbacks.onLost?.({ partitions, reason }),
      done: (callbackMs) => context.notifier.emit('partitions.lost', { partitions, reason, callbackMs }),
    });
  }
}
