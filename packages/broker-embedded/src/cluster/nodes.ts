/** The virtual nodes of the cluster: which of them run, and where clients find them. */

/** An address as a client sees it. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Which listener a client came in by decides which addresses it is told, as with Kafka's advertised listeners. */
export type Listener = 'memory' | 'tcp';

/** The port of in-memory addresses: nothing listens there. */
const MEMORY_PORT = 9092;

export class Nodes {
  readonly count: number;
  readonly #running: Set<number>;
  readonly #tcp = new Map<number, NodeAddress>();

  /** @param count nodes are numbered 0 to `count - 1`; all of them run */
  constructor(count: number) {
    this.count = count;
    this.#running = new Set(Array.from({ length: count }, (_, id) => id));
  }

  has(id: number): boolean {
    return Number.isInteger(id) && id >= 0 && id < this.count;
  }

  isRunning(id: number): boolean {
    return this.#running.has(id);
  }

  setRunning(id: number, running: boolean): void {
    if (running) this.#running.add(id);
    else this.#running.delete(id);
  }

  /** Ascending. */
  running(): number[] {
    return [...this.#running].sort((a, b) => a - b);
  }

  /** The lowest running node, -1 when all are down. */
  controller(): number {
    return this.running()[0] ?? -1;
  }

  listensOn(id: number, address: NodeAddress): void {
    this.#tcp.set(id, address);
  }

  address(id: number, listener: Listener): NodeAddress {
    const tcp = listener === 'tcp' ? this.#tcp.get(id) : undefined;
    return tcp ?? { host: `node-${id}.embedded`, port: MEMORY_PORT };
  }

  /** The node behind an in-memory address, -1 for none. */
  atMemoryAddress(host: string, port: number): number {
    for (let id = 0; id < this.count; id++) {
      const address = this.address(id, 'memory');
      if (address.host === host && address.port === port) return id;
    }
    return -1;
  }
}
