/** Frames of requests in, frames of responses out. */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import {
  frameOf,
  hasFlexibleResponseHeader,
  type RequestHeader,
  readRequestHeader,
  writeResponseHeader,
} from '@kohort/protocol';
import { ErrorCodes } from '../error-codes.ts';
import type { FaultAction } from '../faults/fault-rule.ts';
import { groupIdOf, memberIdOf, type RequestRecord } from '../observe/request-record.ts';
import type { Exchange } from '../requests/handler.ts';
import type { HandlerTable } from '../requests/handler-table.ts';

const API_VERSIONS = 18;

/** What of a request's record comes from its frame. */
export type RequestIdentity = Omit<
  RequestRecord,
  'sequence' | 'receivedAt' | 'node' | 'connection' | 'response' | 'answeredAt' | 'outcome'
>;

export interface IncomingRequest {
  /** `apiVersion` is the version that the answer is encoded in. */
  readonly header: RequestHeader;
  readonly exchange: Exchange;
  readonly identity: RequestIdentity;
  /** Set when the request cannot be carried out, but answered. */
  readonly errorCode: number;
}

/** Reads one request. null for what Kafka closes the connection for: unknown APIs or versions, bytes that make no sense. */
export function readRequest(handlers: HandlerTable, frame: Uint8Array): IncomingRequest | null {
  try {
    const reader = new ByteReader(frame);
    const header = readRequestHeader(reader);
    const served = handlers.get(header.apiKey);
    if (served === undefined) return null;
    const { handler, versions } = served;
    const { apiVersion } = header;
    const isKnown = apiVersion >= versions.min && apiVersion <= versions.max;
    if (!isKnown && header.apiKey !== API_VERSIONS) return null;
    // Who asks for an ApiVersions that is too new is told in version 0 which ones there are (KIP-511).
    const exchange = isKnown
      ? handler.open(reader, apiVersion)
      : handler.open(new ByteReader(new Uint8Array(0)), 0);
    const { request } = exchange;
    return {
      header: isKnown ? header : { ...header, apiVersion: 0 },
      exchange,
      errorCode: isKnown ? 0 : ErrorCodes.UNSUPPORTED_VERSION,
      identity: {
        correlationId: header.correlationId,
        apiKey: header.apiKey,
        api: handler.name,
        apiVersion,
        clientId: header.clientId,
        groupId: groupIdOf(request),
        memberId: memberIdOf(request),
        request,
      },
    };
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** The answer's frame, spoilt as a fault rule wants it. */
export function answerFrame({ header, exchange }: IncomingRequest, fault: FaultAction): Uint8Array {
  const body = exchange.encode();
  const frame = frameOf((writer) => {
    writeResponseHeader(
      writer,
      header.correlationId,
      hasFlexibleResponseHeader(header.apiKey, header.apiVersion),
    );
    writer.raw(fault.truncate === undefined ? body : body.subarray(0, fault.truncate));
  });
  if (fault.corrupt !== undefined) spoil(frame, fault.corrupt);
  return frame;
}

const SIZE_AT = 0;
const CORRELATION_ID_AT = 4;

function spoil(frame: Uint8Array, part: NonNullable<FaultAction['corrupt']>): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (part === 'size') view.setInt32(SIZE_AT, -view.getInt32(SIZE_AT));
  else if (part === 'correlation-id') view.setInt32(CORRELATION_ID_AT, view.getInt32(CORRELATION_ID_AT) + 1);
  else view.setUint8(frame.length - 1, view.getUint8(frame.length - 1) ^ 0xff);
}
