/** The wire client of one group: each lane a socket of its own. */
import {
  type BrokerAddress,
  type CallOptions,
  type Lane,
  type TransportContext,
  TransportError,
} from '@kohort/core/spi';
import type { WireClient } from '@kohort/protocol';
import type { BootstrapServer } from './bootstrap-server.ts';
import { openLane } from './open-lane.ts';
import type { TcpSettings } from './options.ts';
import type { TcpLane } from './tcp-lane.ts';

/** Failures of one bootstrap server that say nothing about the next. */
const TRY_NEXT: ReadonlySet<string> = new Set(['connect', 'dns', 'tls', 'timeout', 'decode']);

export class TcpWire implements WireClient {
  readonly name = 'tcp';
  readonly #settings: TcpSettings;
  readonly #context: TransportContext;
  readonly #lanes = new Set<TcpLane>();
  readonly #openings = new Set<AbortController>();
  /** Bootstrap servers take turns, so that one that is down is not asked first for ever. */
  #turn = 0;
  #closed: Error | undefined;

  constructor(settings: TcpSettings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async open(target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions): Promise<TcpLane> {
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
          : await this.#openOne(target, lane, opening.signal);
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

  #keep(lane: TcpLane): void {
    this.#lanes.add(lane);
    void lane.closed.then(() => this.#lanes.delete(lane));
    if (this.#closed !== undefined) lane.destroy(this.#closed);
  }

  /** Each bootstrap server once, until one can be used. */
  async #openBootstrap(lane: Lane, signal: AbortSignal): Promise<TcpLane> {
    const { servers } = this.#settings;
    const first = this.#turn++ % servers.length;
    const failures: TransportError[] = [];
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      try {
        return await this.#openOne(server, lane, signal);
      } catch (error) {
        if (!(error instanceof TransportError) || !TRY_NEXT.has(error.kind)) throw error;
        failures.push(error);
      }
    }
    throw noServer(failures, lane);
  }

  #openOne(broker: BootstrapServer | BrokerAddress, lane: Lane, signal: AbortSignal): Promise<TcpLane> {
    return openLane({ settings: this.#settings, context: this.#context, broker, lane, signal });
  }
}

function noServer(failures: readonly TransportError[], lane: Lane): TransportError {
  const [first] = failures;
  if (first !== undefined && failures.length === 1) return first;
  const lines = failures.map(({ message }) => `\n- ${message}`);
  return new TransportError(
    `None of the ${failures.length} bootstrap servers can be used:${lines.join('')}`,
    { kind: first?.kind ?? 'connect', sent: 'no', lane, cause: new AggregateError(failures) },
  );
}
