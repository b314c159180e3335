/** A GroupTransport whose every answer is written in the test; what is not written is a failure of the test. */
import type { BrokerAddress } from '../../src/contracts/topic-partition.ts';
import type {
  Features,
  GroupTransport,
  TransportEvent,
  TransportFactory,
} from '../../src/contracts/transport.ts';
import { TransportError, type TransportErrorKind } from '../../src/errors/transport-error.ts';

export const BROKER: BrokerAddress = { nodeId: 1, host: 'broker-1', port: 9092 };
export const OTHER: BrokerAddress = { nodeId: 2, host: 'broker-2', port: 9092 };

const FEATURES: Features = {
  staticMembership: true,
  memberIdHandshake: true,
  joinReason: true,
  skipAssignment: true,
  leaderEpochs: true,
  divergingEpochs: true,
  requireStable: true,
  topicIds: true,
  fetchSessions: true,
  consumerProtocol: false,
};

type Method = Exclude<keyof GroupTransport, 'features' | 'close' | 'resetLane' | 'subscribe'>;
type AnswerOf<Name extends Method> = Awaited<ReturnType<GroupTransport[Name]>>;
type Answer<Name extends Method> =
  | Partial<AnswerOf<Name>>
  | Error
  | ((
      ...args: Parameters<GroupTransport[Name]>
    ) => Partial<AnswerOf<Name>> | Promise<Partial<AnswerOf<Name>>>);

/** Answers by method: the last one repeats. */
export type Script = { [Name in Method]?: Answer<Name>[] };

export class ScriptedTransport implements GroupTransport {
  features: Features = FEATURES;
  closed = 0;
  readonly calls: { readonly method: Method; readonly args: readonly unknown[] }[] = [];
  readonly lanesReset: string[] = [];
  readonly listeners = new Set<(event: TransportEvent) => void>();
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  factory(): TransportFactory {
    return { name: 'scripted', contractVersion: 1, create: () => this };
  }

  count(method: Method): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async #answer<Name extends Method>(
    method: Name,
    args: Parameters<GroupTransport[Name]>,
  ): Promise<AnswerOf<Name>> {
    this.calls.push({ method, args });
    const answers = this.#script[method] as Answer<Name>[] | undefined;
    const answer = answers && (answers.length > 1 ? answers.shift() : answers[0]);
    if (answer === undefined) throw new Error(`no answer is scripted for ${method}`);
    if (answer instanceof Error) throw answer;
    const given = typeof answer === 'function' ? await answer(...args) : answer;
    return { throttleTimeMs: 0, errorCode: 0, ...given } as AnswerOf<Name>;
  }

  connect: GroupTransport['connect'] = async (...args) => {
    if (this.#script.connect) await this.#answer('connect', args);
    return { clusterId: 'c', brokers: [BROKER, OTHER], features: this.features };
  };
  findCoordinator: GroupTransport['findCoordinator'] = (...args) => this.#answer('findCoordinator', args);
  metadata: GroupTransport['metadata'] = (...args) => this.#answer('metadata', args);
  joinGroup: GroupTransport['joinGroup'] = (...args) => this.#answer('joinGroup', args);
  syncGroup: GroupTransport['syncGroup'] = (...args) => this.#answer('syncGroup', args);
  heartbeat: GroupTransport['heartbeat'] = (...args) => this.#answer('heartbeat', args);
  leaveGroup: GroupTransport['leaveGroup'] = (...args) => this.#answer('leaveGroup', args);
  offsetCommit: GroupTransport['offsetCommit'] = (...args) => this.#answer('offsetCommit', args);
  offsetFetch: GroupTransport['offsetFetch'] = (...args) => this.#answer('offsetFetch', args);
  listOffsets: GroupTransport['listOffsets'] = (...args) => this.#answer('listOffsets', args);
  offsetForLeaderEpoch: GroupTransport['offsetForLeaderEpoch'] = (...args) =>
    this.#answer('offsetForLeaderEpoch', args);
  fetch: GroupTransport['fetch'] = (...args) => this.#answer('fetch', args);

  async close(): Promise<void> {
    this.closed += 1;
    this.say({ type: 'laneClose', lane: 'group', broker: BROKER, reason: 'closed' });
  }

  resetLane(node: BrokerAddress, lane: string): void {
    this.lanesReset.push(`${node.nodeId} ${lane}`);
  }

  subscribe(listener: (event: TransportEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  say(event: TransportEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

export function failing(kind: TransportErrorKind, sent: 'no' | 'maybe' = 'maybe'): TransportError {
  return new TransportError(`scripted ${kind}`, { kind, sent });
}
