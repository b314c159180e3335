// Splits captured frames into header and body, which differ between flexible and older versions.

import { API_VERSIONS_KEY, type CapturedApi } from './api-table.ts';

export interface SplitFrame {
  readonly header: Buffer;
  readonly body: Buffer;
}

/** What every request starts with. */
export interface RequestStart {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

export function requestStart(frame: Buffer): RequestStart {
  return {
    apiKey: frame.readInt16BE(0),
    apiVersion: frame.readInt16BE(2),
    correlationId: frame.readInt32BE(4),
  };
}

/** A request frame without its size prefix. Header: key, version, correlation id, client id, then tagged fields. */
export function splitRequest(api: CapturedApi, version: number, frame: Buffer): SplitFrame {
  const untagged = 10 + Math.max(0, frame.readInt16BE(8));
  return splitAt(frame, version >= api.firstFlexible ? afterTags(frame, untagged) : untagged);
}

/** A response frame without its size prefix. ApiVersions answers always have the oldest header. */
export function splitResponse(api: CapturedApi, version: number, frame: Buffer): SplitFrame {
  const flexible = version >= api.firstFlexible && api.key !== API_VERSIONS_KEY;
  return splitAt(frame, flexible ? afterTags(frame, 4) : 4);
}

function splitAt(frame: Buffer, at: number): SplitFrame {
  return { header: frame.subarray(0, at), body: frame.subarray(at) };
}

function afterTags(frame: Buffer, start: number): number {
  let [count, at] = unsignedVarint(frame, start);
  for (; count > 0; count -= 1) {
    [, at] = unsignedVarint(frame, at);
    const [size, next] = unsignedVarint(frame, at);
    at = next + size;
  }
  return at;
}

/** The value at `start` and the position after it. */
export function unsignedVarint(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes.readUInt8(at);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
