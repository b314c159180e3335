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
 * `Uint8Array` (views into what was decoded, not copies), records are `Uint8Array | null`, uuids are 22 characters of
 * base64url, nullable fields are null. A field that a version does not carry is left out when encoding and has the schema's
 * default when decoding.
 *
 * The last two parameters are what encoding accepts: there, fields with a default, and fields that only some versions
 * carry, may be left out.
 *
 * Bodies only: request and response headers are the frame codec's (`frames.ts`).
 */
export interface Api<Request, Response, RequestInput = Request, ResponseInput = Response> {
  readonly key: number;
  readonly name: string;
  /** Versions that this codec implements. */
  readonly versions: VersionRange;
  /** First version with tagged fields (KIP-482); Infinity for none. */
  readonly firstFlexible: number;
  /**
   * @throws {@link ProtocolError} a version out of range, a value that does not fit its field, or a value other than the
   * default for a field that this version does not carry (unless Kafka's schema calls the field ignorable)
   */
  encodeRequest(request: RequestInput, version: number, writer: ByteWriter): void;
  /** @throws {@link ProtocolError} a version out of range, or bytes that are not what the schema says */
  decodeRequest(reader: ByteReader, version: number): Request;
  /** @throws {@link ProtocolError} as {@link Api.encodeRequest} */
  encodeResponse(response: ResponseInput, version: number, writer: ByteWriter): void;
  /** @throws {@link ProtocolError} as {@link Api.decodeRequest} */
  decodeResponse(reader: ByteReader, version: number): Response;
}
