/** What stands around a message on the wire: the size of the frame and the request or response header. */
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import { type ApiVersionsResponse, apiVersions } from './messages/api-versions.ts';
import { apiByKey } from './messages.ts';

/** Header of a request (Kafka's RequestHeader.json, versions 1 and 2). */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** int32; the response repeats it. */
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** Error code of a broker that does not know the version it was asked in. */
const UNSUPPORTED_VERSION = 35;

/**
 * Whether requests of an API version have header version 2, with tagged fields. False for APIs that are not implemented,
 * true for versions of implemented APIs that are newer than the codec, so that their header at least can be read.
 */
export function hasFlexibleRequestHeader(apiKey: number, apiVersion: number): boolean {
  const api = apiByKey.get(apiKey);
  return api !== undefined && apiVersion >= api.firstFlexible;
}

/**
 * Whether responses of an API version have header version 1, with tagged fields. Never for ApiVersions, whose client
 * does not know yet which version the broker answers in (KIP-511).
 */
export function hasFlexibleResponseHeader(apiKey: number, apiVersion: number): boolean {
  return apiKey !== apiVersions.key && hasFlexibleRequestHeader(apiKey, apiVersion);
}

/** Header version 1 or 2. The client id has a two-byte length in both. */
export function writeRequestHeader(
  writer: ByteWriter,
  header: RequestHeader,
  flexible = hasFlexibleRequestHeader(header.apiKey, header.apiVersion),
): void {
  writer
    .int16(header.apiKey)
    .int16(header.apiVersion)
    .int32(header.correlationId)
    .nullableString(header.clientId);
  if (flexible) writer.noTags();
}

/** Leaves the reader at the first byte of the body. @throws {@link ProtocolError} too few bytes */
export function readRequestHeader(reader: ByteReader): RequestHeader {
  const header: RequestHeader = {
    apiKey: reader.int16(),
    apiVersion: reader.int16(),
    correlationId: reader.int32(),
    clientId: reader.nullableString(),
  };
  if (hasFlexibleRequestHeader(header.apiKey, header.apiVersion)) reader.taggedFields();
  return header;
}

/** Header version 0, or 1 when flexible: see {@link hasFlexibleResponseHeader}. */
export function writeResponseHeader(writer: ByteWriter, correlationId: number, flexible: boolean): void {
  writer.int32(correlationId);
  if (flexible) writer.noTags();
}

/**
 * Leaves the reader at the first byte of the body.
 * @returns the correlation id
 * @throws {@link ProtocolError} too few bytes
 */
export function readResponseHeader(reader: ByteReader, flexible: boolean): number {
  const correlationId = reader.int32();
  if (flexible) reader.taggedFields();
  return correlationId;
}

/** A frame: what `write` writes, with its size in bytes as an int32 in front. */
export function frameOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter().int32(0);
  write(writer);
  writer.patchInt32(0, writer.length - SIZE_BYTES);
  return writer.finish();
}

const SIZE_BYTES = 4;

/**
 * Decodes the answer to an ApiVersions request of a version. A broker that does not know the version answers in version 0
 * with error 35 and the versions that it does know (KIP-511).
 * @throws {@link ProtocolError} bytes that are neither
 */
export function decodeApiVersionsResponse(reader: ByteReader, version: number): ApiVersionsResponse {
  const errorCode = new ByteReader(reader.bytes, reader.offset).int16();
  return apiVersions.decodeResponse(reader, errorCode === UNSUPPORTED_VERSION ? 0 : version);
}
