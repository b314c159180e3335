/** The wire client of one group: opens connections, and knows which are open. */
import { connect } from 'node:net';
import {
  type BrokerAddress,
  ByteReader,
  ByteWriter,
  type CallOptions,
  ProtocolError,
  TransportError,
} from '@kohort/core/spi';
import { apiVersions, decodeApiVersionsResponse, type VersionRange, type WireClient } from '@kohort/protocol';
import { Lane } from './lane.ts';

export class Wire implements WireClient {
  readonly name = 'kohort-plugin-example';
  readonly #bootstrap: BrokerAddress;
  readonly #clientId: string;
  readonly #lanes = new Set<Lane>();
  #closed: Error | undefined;

  constructor(bootstrap: BrokerAddress, clientId: string) {
    this.#bootstrap = bootstrap;
    this.#clientId = clientId;
  }

  async open(target: 'bootstrap' | BrokerAddress, _lane: string, call: CallOptions): Promise<Lane> {
    const broker = target === 'bootstrap' ? this.#bootstrap : target;
    if (this.#closed !== undefined || call.signal?.aborted) throw givenUp(broker);
    const socket = connect({ host: broker.host, port: broker.port, noDelay: true });
    const lane = new Lane(broker, socket, this.#clientId);
    this.#lanes.add(lane);
    void lane.closed.then(() => this.#lanes.delete(lane));
    const onAbort = () => lane.destroy(givenUp(broker));
    call.signal?.addEventListener('abort', onAbort);
    try {
      lane.apiVersions = await negotiate(lane);
      return lane;
    } catch (cause) {
      const failure = call.signal?.aborted ? givenUp(broker) : cannotOpen(broker, cause);
      lane.destroy(failure);
      throw failure;
    } finally {
      call.signal?.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    this.#closed ??= new Error('the group is closed');
    for (const lane of [...this.#lanes]) lane.destroy(this.#closed);
  }
}

/** Which versions the broker takes. A broker that does not know the newest one answers with what it knows. */
async function negotiate(lane: Lane): Promise<ReadonlyMap<number, VersionRange>> {
  const { key: apiKey, name: apiName, firstFlexible } = apiVersions;
  const apiVersion = apiVersions.versions.max;
  const writer = new ByteWriter();
  const software = { clientSoftwareName: 'kohort-plugin-example', clientSoftwareVersion: '1.0.0' };
  apiVersions.encodeRequest(software, apiVersion, writer);
  const flexible = apiVersion >= firstFlexible;
  const body = await lane.send({ apiKey, apiVersion, apiName, flexible, body: writer.finish() });
  const { apiKeys } = decodeApiVersionsResponse(new ByteReader(body), apiVersion);
  return new Map(
    apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]),
  );
}

function givenUp(broker: BrokerAddress): TransportError {
  const message = `Connecting to ${broker.host}:${broker.port} was given up`;
  return new TransportError(message, { kind: 'aborted', sent: 'no', broker });
}

/** Kinds that a user can act on: nobody listens, or it is no Kafka broker. */
function cannotOpen(broker: BrokerAddress, cause: unknown): TransportError {
  const isDecode =
    cause instanceof ProtocolError || (cause instanceof TransportError && cause.kind === 'decode');
  const kind = isDecode ? 'decode' : 'connect';
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot connect to ${broker.host}:${broker.port}: ${why}`;
  return new TransportError(message, { kind, sent: 'no', broker, cause });
}
