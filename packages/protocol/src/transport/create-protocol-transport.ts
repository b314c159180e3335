/** Turns a wire client into a transport that the core can use. */
import {
  type Clock,
  type CompressionCodec,
  ErrorCode,
  KohortError,
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
  /**
   * Bytes that the records of one batch may take after decompression, 1 to 2,147,483,647. Default 268,435,456 (256 MiB). A
   * larger batch is not read, and its partition waits.
   */
  readonly maxDecompressedBytes?: number;
}

/** Positions of records are kept in 32 bits. */
const MOST_DECOMPRESSED_BYTES = 2 ** 31 - 1;

/**
 * A transport over a thin wire client: codecs, version negotiation, lanes, deadlines, aborts and client-side throttling are
 * done here, once. Retries nothing and keeps nothing but its connections.
 *
 * @throws KohortError `KOHORT_CONFIG` for a `maxDecompressedBytes` that is no bound
 */
export function createProtocolTransport(options: ProtocolTransportOptions): TransportFactory {
  const { name, wire, clock, codecs, checkCrcs = true, maxDecompressedBytes } = options;
  if (maxDecompressedBytes !== undefined) checkBound(name, maxDecompressedBytes);
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

/** Here for all transports: a bound that is no number would let everything pass. */
function checkBound(name: string, given: unknown): void {
  if (Number.isInteger(given) && Number(given) >= 1 && Number(given) <= MOST_DECOMPRESSED_BYTES) return;
  const what = typeof given === 'string' ? JSON.stringify(given) : String(given);
  throw new KohortError(
    ErrorCode.config,
    `${name} transport: \`maxDecompressedBytes\`: expected a whole number from 1 to ${MOST_DECOMPRESSED_BYTES}, got ${what}.`,
  );
}
