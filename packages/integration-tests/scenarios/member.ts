/** What members of a scenario have in common, whether they consume or not: a name, a wiretap, and entries in the trace. */
import type {
  CloseOptions,
  CloseResult,
  Group,
  GroupDescription,
  GroupManagerOptions,
  KohortEvent,
  OwnershipCallbacks,
} from '@kohort/core';
import { type Trace, traceOwnership } from '@kohort/testkit';
import type { Backend } from './backend.ts';
import { Wiretap } from './wiretap.ts';

/** Options that scenarios set by themselves; the rest comes from the backend's times. */
export type MemberOptions = Partial<GroupManagerOptions>;

/** How a group ended: `open` while it has not. */
export type Ending =
  | { readonly state: 'open' | 'closed' }
  | { readonly state: 'failed'; readonly error: unknown };

/** A member that is cut off has nobody to say goodbye to. */
const CRASHED_CLOSE_MS = 500;

export abstract class Member {
  readonly name: string;
  readonly wiretap: Wiretap;
  readonly events: KohortEvent[] = [];
  ending: Ending = { state: 'open' };
  protected readonly backend: Backend;
  protected readonly trace: Trace;
  #closed = false;
  #crashed = false;

  constructor(name: string, backend: Backend, trace: Trace, transport = backend.transport()) {
    this.name = name;
    this.backend = backend;
    this.trace = trace;
    this.wiretap = new Wiretap(transport, (result, request) => this.#onCommit(result, request));
  }

  abstract readonly group: Group;

  get description(): GroupDescription {
    return this.group.describe();
  }

  /** Partitions held now, as `topic-partition`, sorted. */
  get owned(): readonly string[] {
    return this.description.assignments.map(({ topic, partition }) => `${topic}-${partition}`).toSorted();
  }

  get isStable(): boolean {
    return this.description.state === 'stable';
  }

  /** Events of one type, typed. */
  eventsOf<Type extends KohortEvent['type']>(type: Type): Extract<KohortEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<KohortEvent, { type: Type }> => event.type === type);
  }

  /** Requests that joined a group so far, the first one of the two-step join included. */
  get joins(): number {
    return this.wiretap.count('joinGroup');
  }

  /** Closes the group, letting time pass meanwhile. */
  close(options?: CloseOptions): Promise<CloseResult> {
    return this.backend.settled(this.closing(options));
  }

  /** Closes the group while somebody else lets time pass. */
  async closing(
    options: CloseOptions = this.#crashed ? { timeout: CRASHED_CLOSE_MS } : {},
  ): Promise<CloseResult> {
    const result = await this.group.close(options);
    if (!this.#closed) this.trace.record(this.name, 'closed', {});
    this.#closed = true;
    return result;
  }

  /** The process dies or its network does: no goodbye, and nothing that it sends arrives any more. */
  async crash(): Promise<void> {
    this.trace.record(this.name, 'crash');
    this.#crashed = true;
    await this.wiretap.cut();
  }

  /** Options for the group, with the trace and the wiretap in them. */
  protected optionsOf(given: MemberOptions, groupId: string) {
    const { commitInterval: _, fetchMaxWait: __, patience: ___, ...times } = this.backend.times;
    const { onAssigned, onRevoked, onLost, topics = [], hooks = [], ...rest } = given;
    const trace = traceOwnership(this.trace, this.name);
    return {
      groupId,
      topics,
      clientId: this.name,
      ...times,
      clock: this.backend.clock,
      random: () => 0.5,
      ...rest,
      transport: this.wiretap.factory(),
      hooks: [...hooks, (event: KohortEvent) => this.#onEvent(event)],
      ...tracedCallbacks({ onAssigned, onRevoked, onLost }, trace),
    };
  }

  /** Notes how the group ends, so that nothing ends unnoticed. */
  protected watch(end: Promise<void>): void {
    end.then(
      () => {
        this.ending = { state: 'closed' };
      },
      (error: unknown) => {
        this.ending = { state: 'failed', error };
        this.trace.record(this.name, 'failed', { message: String(error) });
      },
    );
  }

  #onEvent(event: KohortEvent): void {
    this.events.push(event);
    if (this.#closed) this.trace.record(this.name, 'after close', { event: event.type });
  }

  #onCommit(
    result: { partitions: readonly { topic: string; partition: number; errorCode: number }[] },
    request: unknown,
  ) {
    for (const { topic, partition, offset } of offsetsOf(request)) {
      const answer = result.partitions.find((one) => one.topic === topic && one.partition === partition);
      if (answer?.errorCode === 0) this.trace.record(this.name, 'commit', { topic, partition, offset });
    }
  }
}

interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

function offsetsOf(request: unknown): readonly CommittedOffset[] {
  return typeof request === 'object' &&
    request !== null &&
    'offsets' in request &&
    Array.isArray(request.offsets)
    ? request.offsets
    : [];
}

/** A term begins when the user's callback has settled, and ends when that of the revocation or loss begins. */
function tracedCallbacks(
  user: { [Name in keyof OwnershipCallbacks]: OwnershipCallbacks[Name] | undefined },
  trace: ReturnType<typeof traceOwnership>,
): Required<OwnershipCallbacks> {
  return {
    onAssigned: async (context) => {
      await user.onAssigned?.(context);
      trace.onAssigned(context);
    },
    onRevoked: async (context) => {
      trace.onRevoked(context);
      await user.onRevoked?.(context);
    },
    onLost: async (context) => {
      trace.onLost(context);
      await user.onLost?.(context);
    },
  };
}
