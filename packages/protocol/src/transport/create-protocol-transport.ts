/** Turns a wire client into a transport that the core can use. */
import {
  type Clock,
  type CompressionCodec,
  TRANSPORT_CONTRACT_VERSION,
  type TransportFactory,
} from '@kohort/core/spi';
import { codecRegistry } from '../records/codecs.ts';
import type { WireClientFactory } from '../wire-client.ts';
import { ProtocolTransport } from './protocol-transport.ts';
import { TransportEvents } from './transport-events.ts';

export interface ProtocolTransportOptions {
  /** What the wire is made of, such as `kafkajs`. */
  readonly name: string;
  readonly wire: WireClientFactory;
  /** The clock that comes with the wire, such as an embedded broker's; the group's own wins. */
  readonly clock?: Clock;
  /** Codecs to use in place of the built-in gzip, snappy, lz4 and zstd. */
  readonly codecs?: readonly CompressionCodec[];
  /** Whether the CRC of each record batch is checked. Default true; costs about 1 ms per MB. */
  readonly checkCrcs?: boolean;
  /** A batch that decompresses to more bytes is refused. */
  readonly maxDecompressedBytes?: number;
}

/**
 * A transport over a thin wire client: codecs, version negotiation, lanes, deadlines, aborts and client-side throttling are
 * done here, once. Retries nothing and keeps nothing but its connections.
 */
export function createProtocolTransport(options: ProtocolTransportOptions): TransportFactory {
  const { name, wire, clock, codecs, checkCrcs = true, maxDecompressedBytes } = options;
  const records = {
    checkCrcs,
    codecs: codecRegistry(codecs),
    ...(maxDecompressedBytes === undefined ? {} : { maxDecompressedBytes }),
  };
  return {
    name,
    contractVersion: TRANSPORT_CONTRACT_VERSION,
    ...(clock === undefined ? {} : { clock }),
    create(context) {
      const call = { clock: context.clock, groupId: context.groupId, events: new TransportEvents() };
      return new ProtocolTransport(wire(context), call, records);
    },
  };
}
