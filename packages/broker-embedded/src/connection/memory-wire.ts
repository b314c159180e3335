/** The in-memory wire of one group: opens lanes to the virtual nodes. */
import {
  type BrokerAddress,
  ByteReader,
  ByteWriter,
  type CallOptions,
  type Clock,
  type Lane,
  TransportError,
  type TransportErrorKind,
} from '@kohort/core/spi';
import { apiVersions, decodeApiVersionsResponse, type WireClient } from '@kohort/protocol';
import type { Nodes } from '../cluster/nodes.ts';
import { MemoryLane } from './memory-lane.ts';
import type { Peer, ServerConnection } from './server-connection.ts';

/** The newest ApiVersions that brokers of Kafka 2.4 know; later versions add nothing that is used here. */
const API_VERSIONS_VERSION = 3;

/** What a wire needs of the broker. */
export interface MemoryHost {
  readonly clock: Clock;
  readonly nodes: Nodes;
  connect(
    node: number,
    peer: Peer,
    from: { readonly clientId: string; readonly host: string; readonly listener: 'memory' },
  ): ServerConnection;
}

export class MemoryWire implements WireClient {
  readonly name = 'embedded';
  readonly #host: MemoryHost;
  readonly #clientId: string;
  readonly #lanes = new Set<MemoryLane>();
  #closed = false;

  constructor(host: MemoryHost, clientId: string) {
    this.#host = host;
    this.#clientId = clientId;
  }

  async open(target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions): Promise<MemoryLane> {
    const { nodes, clock } = this.#host;
    if (this.#closed) throw this.#failure('closed', 'the wire is closed', lane);
    const node = this.#nodeOf(target);
    if (!nodes.isRunning(node)) {
      const name = target === 'bootstrap' ? 'any node' : `${target.host}:${target.port}`;
      throw this.#failure('connect', `connection to ${name} refused: it is not running`, lane);
    }
    const address = { nodeId: node, ...nodes.address(node, 'memory') };
    const opened = new MemoryLane(address, this.#clientId, clock);
    const from = { clientId: this.#clientId, host: '/127.0.0.1', listener: 'memory' } as const;
    opened.attach(this.#host.connect(node, opened, from));
    this.#lanes.add(opened);
    void opened.closed.then(() => this.#lanes.delete(opened));
    try {
      await negotiate(opened, call);
      return opened;
    } catch (error) {
      opened.destroy(error instanceof Error ? error : new Error(String(error)));
      // Nothing of the caller's has been sent yet.
      const kind = error instanceof TransportError && error.kind !== 'laneClosed' ? error.kind : 'connect';
      throw this.#failure(kind, 'the connection could not be opened', lane, error);
    }
  }

  #nodeOf(target: 'bootstrap' | BrokerAddress): number {
    const { nodes } = this.#host;
    if (target === 'bootstrap') return nodes.controller();
    return nodes.atMemoryAddress(target.host, target.port);
  }

  #failure(kind: TransportErrorKind, message: string, lane: Lane, cause?: unknown): TransportError {
    return new TransportError(`Embedded broker: ${message}`, { kind, sent: 'no', lane, cause });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of [...this.#lanes]) lane.destroy(new Error('the wire was closed'));
  }
}

/** Asks the broker what it speaks: the first request of every connection. */
async function negotiate(lane: MemoryLane, call: CallOptions): Promise<void> {
  const writer = new ByteWriter();
  const software = { clientSoftwareName: 'kohort-embedded', clientSoftwareVersion: '0' };
  apiVersions.encodeRequest(software, API_VERSIONS_VERSION, writer);
  const body = await lane.send(
    {
      apiKey: apiVersions.key,
      apiVersion: API_VERSIONS_VERSION,
      apiName: apiVersions.name,
      flexible: true,
      body: writer.finish(),
    },
    call,
  );
  const { apiKeys } = decodeApiVersionsResponse(new ByteReader(body), API_VERSIONS_VERSION);
  for (const { apiKey, minVersion, maxVersion } of apiKeys) {
    lane.apiVersions.set(apiKey, { min: minVersion, max: maxVersion });
  }
}
