/** The wire client of one group: each lane a kafkajs connection of its own. */
import {
  type BrokerAddress,
  type CallOptions,
  type Lane,
  type TransportContext,
  TransportError,
} from '@kohort/core/spi';
import type { WireClient } from '@kohort/protocol';
import type { Cluster, ConnectionPool } from './kafkajs-internals.ts';
import type { KafkajsLane } from './kafkajs-lane.ts';
import { openLane } from './open-lane.ts';

/** A list that `brokers()` grows for ever is not walked for ever. */
const MAX_BOOTSTRAP_SERVERS = 100;

/** Failures of one bootstrap server that say nothing about the next. */
const TRY_NEXT: ReadonlySet<string> = new Set(['connect', 'dns', 'tls', 'timeout', 'decode']);

export class KafkajsWire implements WireClient {
  readonly name = 'kafkajs';
  readonly #cluster: Cluster;
  readonly #context: TransportContext;
  readonly #lanes = new Set<KafkajsLane>();
  readonly #openings = new Set<AbortController>();
  #closed: Error | undefined;

  constructor(cluster: Cluster, context: TransportContext) {
    this.#cluster = cluster;
    this.#context = context;
  }

  async open(target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions): Promise<KafkajsLane> {
    const opening = new AbortController();
    const onAbort = () => opening.abort(call.signal?.reason);
    if (this.#closed !== undefined) opening.abort(this.#closed);
    else if (call.signal?.aborted) onAbort();
    call.signal?.addEventListener('abort', onAbort);
    this.#openings.add(opening);
    try {
      const opened =
        target === 'bootstrap'
          ? await this.#openBootstrap(lane, opening.signal)
          : await this.#openOne(await this.#pool(target), target, lane, opening.signal);
      this.#keep(opened);
      return opened;
    } finally {
      this.#openings.delete(opening);
      call.signal?.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    this.#closed ??= new Error('the transport has been closed');
    for (const opening of [...this.#openings]) opening.abort(this.#closed);
    for (const lane of [...this.#lanes]) lane.destroy(this.#closed);
  }

  #keep(lane: KafkajsLane): void {
    this.#lanes.add(lane);
    void lane.closed.then(() => this.#lanes.delete(lane));
    if (this.#closed !== undefined) lane.destroy(this.#closed);
  }

  /** Each bootstrap server once, in kafkajs' order, until one can be used. */
  async #openBootstrap(lane: Lane, signal: AbortSignal): Promise<KafkajsLane> {
    const failures = new Map<string, TransportError>();
    while (failures.size < MAX_BOOTSTRAP_SERVERS) {
      const pool = await this.#pool(undefined);
      const address = `${pool.host}:${pool.port}`;
      if (failures.has(address)) break;
      try {
        return await this.#openOne(pool, undefined, lane, signal);
      } catch (error) {
        if (!(error instanceof TransportError) || !TRY_NEXT.has(error.kind)) throw error;
        failures.set(address, error);
      }
    }
    throw noBootstrapServer([...failures.values()], lane);
  }

  #openOne(
    pool: ConnectionPool,
    target: BrokerAddress | undefined,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<KafkajsLane> {
    return openLane({ cluster: this.#cluster, pool, target, lane, context: this.#context, signal });
  }

  async #pool(target: BrokerAddress | undefined): Promise<ConnectionPool> {
    try {
      return await this.#cluster.connectionPoolBuilder.build(
        target && { host: target.host, port: target.port },
      );
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new TransportError(`kafkajs has no broker to connect to: ${text}. Check \`brokers\`.`, {
        kind: 'connect',
        sent: 'no',
        cause: error,
      });
    }
  }
}

function noBootstrapServer(failures: readonly TransportError[], lane: Lane): TransportError {
  const [first] = failures;
  if (first === undefined)
    throw new TransportError('kafkajs names no bootstrap server', { kind: 'connect', sent: 'no', lane });
  if (failures.length === 1) return first;
  const lines = failures.map(({ message }) => `\n- ${message}`);
  return new TransportError(
    `None of the ${failures.length} bootstrap servers can be used:${lines.join('')}`,
    {
      kind: first.kind,
      sent: 'no',
      lane,
      cause: new AggregateError(failures),
    },
  );
}
