/** One group on an embedded broker under virtual time, whose log or cluster is about to be damaged. */
import { type EmbeddedBroker, type EmbeddedBrokerOptions, embeddedBroker } from '@kohort/broker-embedded';
import {
  type ConsumerGroup,
  type ConsumerGroupOptions,
  type ConsumerRecord,
  createConsumerGroup,
  type KohortEvent,
} from '@kohort/core';
import { seededRandom, type VirtualClock, virtualClock } from '@kohort/testkit';

export interface RigOptions {
  readonly broker?: Omit<EmbeddedBrokerOptions, 'clock'>;
  readonly handle?: (record: ConsumerRecord) => unknown;
}

/** A member: what it was given, what it told. */
export class RecoveryMember {
  readonly group: ConsumerGroup;
  readonly seen: string[] = [];
  readonly events: KohortEvent[] = [];
  readonly running: Promise<void>;
  /** Undefined while it runs, null when it ended well. */
  end: unknown;

  constructor(rig: RecoveryRig, clientId: string, options: Partial<ConsumerGroupOptions> = {}) {
    this.group = createConsumerGroup({
      groupId: 'g',
      clientId,
      topics: ['orders'],
      autoOffsetReset: 'earliest',
      random: rig.random,
      ...options,
      transport: rig.broker.transport(),
      hooks: [(event) => this.events.push(event)],
    });
    this.running = this.group.run({
      eachRecord: async (record) => {
        await rig.handle?.(record);
        this.seen.push(`${record.partition}:${record.value?.toString()}`);
      },
    });
    this.running.then(
      () => {
        this.end = null;
      },
      (error: unknown) => {
        this.end = error;
      },
    );
  }

  of<Type extends KohortEvent['type']>(type: Type): Extract<KohortEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<KohortEvent, { type: Type }> => event.type === type);
  }
}

export class RecoveryRig {
  readonly clock: VirtualClock = virtualClock({ origins: true });
  readonly broker: EmbeddedBroker;
  readonly members: RecoveryMember[] = [];
  readonly handle: RigOptions['handle'];
  readonly random = seededRandom(7);

  constructor({ broker = {}, handle }: RigOptions = {}) {
    this.broker = embeddedBroker({
      clock: this.clock,
      nodes: 3,
      topics: { orders: { partitions: 2 } },
      groupInitialRebalanceDelay: 0,
      // A wire that takes no time would let a loop without a pause run for ever at one instant.
      latency: 1,
      ...broker,
    });
    this.handle = handle;
  }

  member(clientId = 'm1', options: Partial<ConsumerGroupOptions> = {}): RecoveryMember {
    const member = new RecoveryMember(this, clientId, options);
    this.members.push(member);
    return member;
  }

  /** Writes `prefix`0 to `prefix`(count - 1) to one partition, each in a batch of its own. */
  async produce(prefix: string, count: number, partition = 0, topic = 'orders'): Promise<void> {
    for (let n = 0; n < count; n++) await this.broker.produce(topic, [{ value: `${prefix}${n}`, partition }]);
  }

  committed(partition: number, topic = 'orders'): bigint | undefined {
    return this.broker.committed('g').get(`${topic}-${partition}`);
  }

  until(holds: () => boolean, limitMs = 120_000): Promise<void> {
    return this.clock.runUntil(holds, { limitMs });
  }

  /** @throws Error where a timer is left behind */
  async close(): Promise<void> {
    this.broker.faults.clear();
    await this.clock.runUntil(Promise.all(this.members.map(({ group }) => group.close())), {
      limitMs: 120_000,
    });
    await this.clock.runUntil(this.broker.close());
    if (this.clock.pending > 0) throw new Error(`left: ${JSON.stringify(this.clock.pendingTimers())}`);
  }
}
