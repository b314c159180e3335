/** One typed request and what its answer means: what the lanes carry, without knowing which API it is. */
import type { ByteReader, ByteWriter } from '@kohort/core/spi';
import type { VersionRange } from '../api.ts';
import type { WireLane } from '../wire-client.ts';

/** The client's half of a codec. */
export interface ClientApi<Request, Response> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  readonly firstFlexible: number;
  encodeRequest(request: Request, version: number, writer: ByteWriter): void;
  decodeResponse(reader: ByteReader, version: number): Response;
}

/** A request that waits for a version, and the way back from the response to the contract's result. */
export interface Exchange<Request, Response extends { readonly throttleTimeMs: number }, Result> {
  readonly api: ClientApi<Request, Response>;
  /** Versions that can carry this request: narrower than the codec's where an older or newer one would lose something. */
  readonly versions: VersionRange;
  /** What `versions` is narrower for, for the message of `unsupportedVersion`. */
  readonly needs?: string;
  /** First version of which the client, not the broker, holds back while it is throttled (KIP-219). */
  readonly throttledFrom: number;
  /** @param timeoutMs what is left of the call's time */
  request(version: number, timeoutMs: number): Request;
  /** @param offered what the answering broker offers */
  result(response: Response, version: number, offered: WireLane['apiVersions']): Result;
}

/** The versions of an API within bounds of ours. */
export function within(versions: VersionRange, bounds: Partial<VersionRange>): VersionRange {
  return {
    min: Math.max(versions.min, bounds.min ?? versions.min),
    max: Math.min(versions.max, bounds.max ?? versions.max),
  };
}

/** The exchange of one API that ends in `Result`. */
export type ExchangeOf<A, Result> =
  A extends ClientApi<infer Request, infer Response extends { readonly throttleTimeMs: number }>
    ? Exchange<Request, Response, Result>
    : never;
