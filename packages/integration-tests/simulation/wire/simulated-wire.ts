/** A member's way to the brokers: the embedded broker's own wire, on which opening a connection can fail, and which counts connections. */
import { type BrokerAddress, type CallOptions, type Lane, TransportError } from '@kohort/core/spi';
import type { WireClient, WireLane } from '@kohort/protocol';

/** What becomes of an attempt to connect. `hangs`: nothing, until the caller gives up. */
export type Opening = 'works' | 'hangs' | 'connect' | 'dns' | 'tls' | 'auth' | 'decode';

export class SimulatedWire implements WireClient {
  readonly name = 'simulated';
  readonly #inner: WireClient;
  readonly #opening: () => Opening;
  /** Connections that are open. */
  lanes = 0;
  mostLanes = 0;

  constructor(inner: WireClient, opening: () => Opening) {
    this.#inner = inner;
    this.#opening = opening;
  }

  async open(target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions): Promise<WireLane> {
    const opening = this.#opening();
    if (opening === 'hangs') return untilAborted(lane, call);
    if (opening !== 'works')
      throw new TransportError(`simulated: ${opening}`, { kind: opening, sent: 'no', lane });
    const opened = await this.#inner.open(target, lane, call);
    this.lanes += 1;
    this.mostLanes = Math.max(this.mostLanes, this.lanes);
    void opened.closed.then(() => {
      this.lanes -= 1;
    });
    return opened;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function untilAborted(lane: Lane, { signal }: CallOptions): Promise<never> {
  return new Promise((_, reject) => {
    const give = () =>
      reject(new TransportError('simulated: connecting hangs', { kind: 'aborted', sent: 'no', lane }));
    if (signal?.aborted === true) give();
    else signal?.addEventListener('abort', give, { once: true });
  });
}
