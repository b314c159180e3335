/** Listens in on a member's transport, and can cut it off: a member whose process is killed or whose network is gone. */
import {
  type CommitResult,
  type DecodedSubscription,
  decodeSubscription,
  type FetchPartition,
  type FetchRequest,
  type GroupTransport,
  type JoinRequest,
  type TransportContext,
  TransportError,
  type TransportFactory,
} from '@kohort/core/spi';

/** One call of the core to its transport. */
export interface TappedCall {
  /** Name of the call, as the contract has it: `joinGroup`. */
  readonly call: string;
  /** Milliseconds on the group's clock. */
  readonly at: number;
  readonly request: unknown;
  /** Undefined until it is answered, and for fetches. */
  result?: unknown;
  error?: unknown;
}

/** Calls that are requests to a broker. */
const REQUESTS: ReadonlySet<string> = new Set([
  'findCoordinator',
  'metadata',
  'joinGroup',
  'syncGroup',
  'heartbeat',
  'leaveGroup',
  'offsetCommit',
  'offsetFetch',
  'listOffsets',
  'offsetForLeaderEpoch',
  'fetch',
]);

export class Wiretap {
  readonly calls: TappedCall[] = [];
  readonly #inner: TransportFactory;
  readonly #onCommit: (result: CommitResult, request: unknown) => void;
  readonly #opened: GroupTransport[] = [];
  #cut = false;
  readonly #unanswered = new Set<string>();

  /** @param onCommit told of each answer to an OffsetCommit */
  constructor(inner: TransportFactory, onCommit: (result: CommitResult, request: unknown) => void) {
    this.#inner = inner;
    this.#onCommit = onCommit;
  }

  /** What the group is given. */
  factory(): TransportFactory {
    return { ...this.#inner, create: (context) => this.#tap(this.#inner.create(context), context) };
  }

  /** How many requests of these kinds have been made. */
  count(...calls: readonly string[]): number {
    return this.calls.filter(({ call }) => calls.includes(call)).length;
  }

  /** Destroys the connections without a goodbye; from now on no broker can be reached. */
  async cut(): Promise<void> {
    this.#cut = true;
    await Promise.all(this.#opened.map((transport) => transport.close()));
  }

  /** Requests of this kind reach the broker from now on, and their answers are lost; until the returned function is called. */
  loseAnswers(call: string): () => void {
    this.#unanswered.add(call);
    return () => this.#unanswered.delete(call);
  }

  #tap(transport: GroupTransport, { clock }: TransportContext): GroupTransport {
    this.#opened.push(transport);
    return new Proxy(transport, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        const name = String(property);
        if (!REQUESTS.has(name) && name !== 'connect') return member.bind(target);
        return (...args: unknown[]) => {
          const request = args.length === 3 ? args[1] : args[0];
          const tapped: TappedCall = { call: name, at: clock.monotonic(), request };
          if (REQUESTS.has(name)) this.calls.push(tapped);
          return this.#carryOut(tapped, () => Reflect.apply(member, target, args));
        };
      },
    });
  }

  async #carryOut(tapped: TappedCall, call: () => Promise<unknown>): Promise<unknown> {
    try {
      if (this.#cut) throw new TransportError('the member is cut off', { kind: 'connect', sent: 'no' });
      const result = await call();
      if (this.#unanswered.has(tapped.call))
        throw new TransportError('the answer is lost', { kind: 'timeout', sent: 'maybe' });
      // Fetched records stay out of the books: they would pin their frames.
      if (tapped.call !== 'fetch') tapped.result = result;
      if (tapped.call === 'offsetCommit' && isCommitResult(result)) this.#onCommit(result, tapped.request);
      return result;
    } catch (error) {
      tapped.error = error;
      throw error;
    }
  }
}

function isCommitResult(value: unknown): value is CommitResult {
  return (
    typeof value === 'object' && value !== null && 'partitions' in value && Array.isArray(value.partitions)
  );
}

/** Partitions that a call of `fetch` asked for, and from where; none for other calls. */
export function askedFor({ call, request }: TappedCall): readonly FetchPartition[] {
  return call === 'fetch' && isFetchRequest(request) ? request.partitions : [];
}

/** What a call of `joinGroup` says that the member has, by the first assignor that it offers; null for other calls. */
export function subscriptionOf({ call, request }: TappedCall): DecodedSubscription | null {
  if (call !== 'joinGroup' || !isJoinRequest(request)) return null;
  const [first] = request.protocols;
  return first === undefined ? null : decodeSubscription(first.metadata);
}

function isJoinRequest(value: unknown): value is JoinRequest {
  return (
    typeof value === 'object' && value !== null && 'protocols' in value && Array.isArray(value.protocols)
  );
}

function isFetchRequest(value: unknown): value is FetchRequest {
  return (
    typeof value === 'object' && value !== null && 'partitions' in value && Array.isArray(value.partitions)
  );
}
