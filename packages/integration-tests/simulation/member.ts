/** One member of a simulated group, with everything that it does written into the trace. */

import { cooperativeSticky, roundRobin } from '@kohort/assignors';
import type { EmbeddedBroker } from '@kohort/broker-embedded';
import {
  type ConsumerGroup,
  type ConsumerRecord,
  createConsumerGroup,
  type HandlerContext,
  type KohortError,
} from '@kohort/core';
import { type Trace, traceOwnership, type VirtualClock } from '@kohort/testkit';
import type { HandlerPlan } from './plan.ts';

export const TOPIC = 'orders';
export const GROUP = 'simulated';

export interface MemberWorld {
  readonly clock: VirtualClock;
  readonly broker: EmbeddedBroker;
  readonly trace: Trace;
  readonly random: () => number;
  readonly handlers: HandlerPlan;
  readonly protocol: 'eager' | 'cooperative';
  readonly after: (ms: number, callback: () => void) => void;
}

export class SimulatedMember {
  readonly name: string;
  readonly group: ConsumerGroup;
  /** The error of the terminal state, if the member came to one. */
  error: KohortError | null = null;
  leaving = false;
  #dead = false;
  #thaw: (() => void) | null = null;
  readonly #world: MemberWorld;
  readonly #ended: Promise<void>;

  constructor(name: string, world: MemberWorld) {
    this.name = name;
    this.#world = world;
    const ownership = traceOwnership(this.#spoken(world.trace), name);
    this.group = createConsumerGroup({
      groupId: GROUP,
      clientId: name,
      topics: [TOPIC],
      assignors: [world.protocol === 'eager' ? roundRobin() : cooperativeSticky()],
      transport: world.broker.transport(),
      autoOffsetReset: 'earliest',
      sessionTimeout: 10_000,
      heartbeatInterval: 3_000,
      rebalanceTimeout: 20_000,
      requestTimeout: 5_000,
      sessionTimeoutPadding: 5_000,
      metadataMaxAge: 5_000,
      commitInterval: 1_000,
      random: world.random,
      concurrency:
        world.handlers.perPartition > 1
          ? { perPartition: world.handlers.perPartition, ordering: 'none' }
          : { perPartition: 1 },
      ...ownership,
    });
    const { kind } = world.handlers;
    this.#ended = this.group
      .run(
        kind === 'record'
          ? { eachRecord: (record, context) => this.#handle([record], context) }
          : { eachBatch: (batch, context) => this.#handle(batch.records, context) },
      )
      .catch((error: KohortError) => {
        this.error = error;
      });
  }

  get alive(): boolean {
    return !this.#dead && !this.leaving && this.error === null;
  }

  /** A dead process says nothing more; what the coordinator says of it still counts. */
  #spoken(trace: Trace): Trace {
    return Object.assign(Object.create(trace) as Trace, {
      record: (...args: Parameters<Trace['record']>) => (this.#dead ? undefined : trace.record(...args)),
    });
  }

  /** Handles one after the other, settling each; a failure leaves that one and those behind it to the next attempt. */
  async #handle(records: readonly ConsumerRecord[], context: HandlerContext): Promise<void> {
    const { clock, random, handlers } = this.#world;
    const ms = Math.floor(random() * handlers.maxMs);
    for (const [i, record] of records.entries()) {
      if (i > 0 && !context.owned) return;
      this.#say('record.start', record);
      if (i === 0 && ms > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, ms));
      if (this.#dead) await new Promise(() => undefined);
      if (random() < handlers.failures) {
        this.#say('record.end', record, 'error');
        throw new Error('simulated failure');
      }
      this.#say('record.end', record, 'ok');
      context.settle(record);
    }
  }

  #say(
    _type: 'record.start' | 'record.end',
    { topic, partition, offset }: ConsumerRecord,
    outcome?: 'ok' | 'error',
  ): void {
    if (this.#dead) return;
    const { trace } = this.#world;
    if (outcome === undefined) trace.record(this.name, 'record.start', { topic, partition, offset });
    else trace.record(this.name, 'record.end', { topic, partition, offset, outcome });
  }

  /** Clean shutdown. */
  async leave(): Promise<void> {
    if (!this.alive) return;
    this.leaving = true;
    await this.group.close({ timeout: 15_000 });
    this.#world.trace.record(this.name, 'closed', {});
  }

  /** SIGKILL: no goodbye, connections end, and nothing is heard of it any more. */
  crash(): void {
    if (!this.alive) return;
    this.#dead = true;
    this.#world.broker.faults.disconnect({ clientId: this.name });
    this.#thaw = this.#world.broker.faults.freezeClient(this.name);
  }

  /** `faults.clear()` thaws everybody; the dead stay dead. */
  stayDead(): void {
    if (!this.#dead) return;
    this.#world.broker.faults.disconnect({ clientId: this.name });
    this.#thaw = this.#world.broker.faults.freezeClient(this.name);
  }

  /** The network between this client and all brokers is gone for a while. */
  freeze(ms: number): void {
    if (!this.alive) return;
    const thaw = this.#world.broker.faults.freezeClient(this.name);
    this.#world.after(ms, thaw);
  }

  /** Ends what is left of a dead or living member. */
  async bury(): Promise<void> {
    this.#thaw?.();
    await this.group.close({ timeout: this.#dead ? 0 : 15_000 });
    await this.#ended;
    if (!this.#dead && !this.leaving) this.#world.trace.record(this.name, 'closed', {});
  }
}
