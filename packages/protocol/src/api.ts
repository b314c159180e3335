/** The shape of a codec: one Kafka API, both directions, all versions that Kohort speaks. */
import type { ByteReader, ByteWriter } from '@kohort/core/spi';

/** Inclusive range of versions of one API. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/**
 * One API of the Kafka protocol. Field names are those of Kafka's message schemas
 * (`clients/src/main/resources/common/message/*.json` in apache/kafka) in camel case; int64 is bigint, bytes are
 * `Uint8Array | null`, uuids are 22 characters of base64url, nullable fields are null. A field that a version does not carry
 * is left out when encoding and has the schema's default when decoding.
 *
 * Bodies only: request and response headers are the frame codec's (`frames.ts`).
 */
export interface Api<Request, Response> {
  readonly key: number;
  readonly name: string;
  /** Versions that this codec implements. */
  readonly versions: VersionRange;
  /** First version with tagged fields (KIP-482); Infinity for none. */
  readonly firstFlexible: number;
  encodeRequest(request: Request, version: number, writer: ByteWriter): void;
  decodeRequest(reader: ByteReader, version: number): Request;
  encodeResponse(response: Response, version: number, writer: ByteWriter): void;
  decodeResponse(reader: ByteReader, version: number): Response;
}
