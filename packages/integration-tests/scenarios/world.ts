/** One run of one scenario: its cluster, its names, its members, and the books about them. */
import { randomUUID } from 'node:crypto';
import type { EmbeddedBroker } from '@kohort/broker-embedded';
import { VirtualClock } from '@kohort/testkit';
import { Auditor } from './auditor.ts';
import { type Backend, type Produced, type ProduceSetup, sleep, type Times } from './backend.ts';
import { ConsumerMember, type ConsumerSetup } from './consumer-member.ts';
import { ManagerMember } from './manager-member.ts';
import type { Member, MemberOptions } from './member.ts';

export class World {
  readonly backend: Backend;
  readonly auditor: Auditor;
  readonly groupId: string;
  /** Part of every name of this run. */
  readonly mark = randomUUID().slice(0, 8);
  readonly #members: Member[] = [];
  readonly #written = new Map<string, number>();

  constructor(backend: Backend) {
    this.backend = backend;
    this.auditor = new Auditor(backend.clock);
    this.groupId = this.unique('group');
  }

  get times(): Times {
    return this.backend.times;
  }

  /** The broker in this process, for scenarios that need `faults`. */
  get broker(): EmbeddedBroker {
    const { embedded } = this.backend;
    if (embedded === undefined) throw new Error('only an embedded broker can be told what to answer');
    return embedded;
  }

  /** The clock that the test owns, for scenarios that need `virtual time`. */
  get clock(): VirtualClock {
    const { clock } = this.backend;
    if (!(clock instanceof VirtualClock)) throw new Error('only virtual time can be handled');
    return clock;
  }

  get trace() {
    return this.auditor.trace;
  }

  /** A name that no other scenario uses. */
  unique(prefix: string): string {
    return `${prefix}-${this.mark}`;
  }

  async topic(partitions: number, name = this.unique('topic')): Promise<string> {
    await this.backend.createTopic(name, partitions);
    return name;
  }

  /**
   * Writes `count` records, spread over partitions 0 to `partitions` - 1 by number or all to one.
   * @param audited false for records that nobody need see
   */
  async produce(
    topic: string,
    count: number,
    setup: ProduceSetup & {
      partitions?: number;
      partition?: number;
      audited?: boolean;
      timestamp?: number;
    } = {},
  ): Promise<readonly Produced[]> {
    const { partitions = 1, partition, audited = true, timestamp, ...rest } = setup;
    const first = this.#written.get(topic) ?? 0;
    this.#written.set(topic, first + count);
    const records = Array.from({ length: count }, (_, n) => ({
      partition: partition ?? (first + n) % partitions,
      key: `key-${first + n}`,
      value: `value-${first + n}`,
      ...(timestamp === undefined ? {} : { timestamp: timestamp + n }),
    }));
    const places = await this.backend.settled(this.backend.produce(topic, records, rest));
    for (const [n, place] of places.entries()) this.auditor.produced(place, `value-${first + n}`, audited);
    return places;
  }

  /** A member that consumes `topics`; started unless told otherwise. */
  consumer(name: string, topics: readonly (string | RegExp)[], setup: ConsumerSetup = {}): ConsumerMember {
    return this.newConsumer(name, topics, setup).start();
  }

  newConsumer(name: string, topics: readonly (string | RegExp)[], setup: ConsumerSetup = {}): ConsumerMember {
    const { groupId = this.groupId, ...rest } = setup;
    const member = new ConsumerMember(name, this.backend, this.auditor, groupId, { ...rest, topics });
    this.#members.push(member);
    return member;
  }

  manager(name: string, topics: readonly (string | RegExp)[], options: MemberOptions = {}): ManagerMember {
    const member = new ManagerMember(name, this.backend, this.trace, options.groupId ?? this.groupId, {
      ...options,
      topics,
    });
    this.#members.push(member);
    return member.start();
  }

  sleep(ms: number): Promise<void> {
    return sleep(this.backend.clock, ms);
  }

  pass(ms: number): Promise<void> {
    return this.backend.pass(ms);
  }

  until(what: string, holds: () => boolean, limitMs?: number): Promise<void> {
    return this.#explained(this.backend.until(what, holds, limitMs));
  }

  eventually(what: string, holds: () => Promise<boolean>, limitMs?: number): Promise<void> {
    return this.#explained(this.backend.eventually(what, holds, limitMs));
  }

  /** Until these members are stable in one generation and own these partitions together, each once. */
  async untilShared(
    members: readonly Member[],
    partitions: readonly string[],
    limitMs?: number,
  ): Promise<void> {
    const wanted = JSON.stringify(partitions.toSorted());
    const holds = () =>
      members.every(({ isStable }) => isStable) &&
      new Set(members.map(({ description }) => description.generationId)).size === 1 &&
      JSON.stringify(members.flatMap(({ owned }) => owned).toSorted()) === wanted;
    const names = members.map(({ name }) => name).join(', ');
    await this.until(`${names} share ${partitions.length} partitions`, holds, limitMs);
  }

  /** Until everything that was produced has been handled. */
  async untilAllHandled(limitMs?: number): Promise<void> {
    const total = this.trace.count({ type: 'produced' });
    const missing = () => {
      try {
        this.auditor.checkNoLoss();
        return false;
      } catch {
        // Not there yet: that is what is being waited for.
        return true;
      }
    };
    await this.until(
      `all ${total} records are handled`,
      () => this.auditor.settled >= total && !missing(),
      limitMs,
    );
  }

  /** Until the group has committed these offsets of a topic, partition 0 first. */
  async untilCommitted(topic: string, offsets: readonly bigint[], limitMs?: number): Promise<void> {
    await this.eventually(
      `${this.groupId} has committed ${offsets} of ${topic}`,
      async () => {
        const committed = await this.backend.committed(this.groupId, topic);
        return offsets.every((offset, partition) => committed.get(partition) === offset);
      },
      limitMs,
    );
  }

  /** Closes what is still open, checks what holds in every run, and ends the cluster. */
  async finish(): Promise<void> {
    const open = this.#members.filter(({ ending }) => ending.state === 'open');
    await this.backend.settled(Promise.all(open.map((member) => member.closing())));
    await this.backend.close();
    this.auditor.checkSafety();
  }

  /** Ends without checks, after a failure that is the one to be told. */
  async abandon(): Promise<void> {
    const closed = Promise.allSettled(this.#members.map(({ group }) => group.close({ timeout: 1_000 })));
    await Promise.allSettled([this.backend.settled(closed, 10_000)]);
    await Promise.allSettled([this.backend.close()]);
  }

  /** The trace, and what each member told about itself. */
  story(): string {
    const told = this.#members.flatMap(({ name, events }) =>
      events.map((event) => `${event.mono.toFixed(0)}  ${name}  ${JSON.stringify(event)}`),
    );
    return [String(this.trace), ...told].join('\n');
  }

  async #explained<T>(wait: Promise<T>): Promise<T> {
    try {
      return await wait;
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${this.#situation()}`, {
        cause: error,
      });
    }
  }

  #situation(): string {
    const lines = this.#members.map(({ name, description, ending, events }) => {
      const { state, generationId, assignments } = description;
      const last = events.slice(-5).map((event) => JSON.stringify(event));
      const end = ending.state === 'failed' ? `failed: ${String(ending.error)}` : ending.state;
      return `${name}: ${state} (${end}), generation ${generationId}, ${assignments.length} partitions\n  ${last.join('\n  ')}`;
    });
    return lines.join('\n');
  }
}

/** `topic-0` to `topic-(count - 1)`. */
export function partitionsOf(topic: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, partition) => `${topic}-${partition}`);
}
