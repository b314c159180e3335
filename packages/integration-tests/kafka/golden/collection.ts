// Keeps the frames worth keeping: for each API and version the first exchange, and the richest one if it
// is another (the first JoinGroup is often a refusal, the first Fetch often empty).

import { CAPTURED_APIS } from './api-table.ts';
import type { Exchange } from './capture-proxy.ts';
import { splitRequest, splitResponse } from './frame.ts';

/** One line of the golden file. */
export interface GoldenFrame {
  readonly api: string;
  readonly apiKey: number;
  readonly version: number;
  readonly direction: 'request' | 'response';
  /** `first` seen in this version, or the `richest` (longest) one. Request and response of one exchange share it. */
  readonly exchange: 'first' | 'richest';
  readonly correlationId: number;
  readonly headerHex: string;
  readonly bodyHex: string;
  readonly source: string;
}

interface Kept {
  readonly exchange: Exchange;
  readonly source: string;
}

/** An exchange longer than this is never the richest: golden files are read by people too. */
const RICH_LIMIT = 4_000;

export class FrameCollection {
  readonly #first = new Map<string, Kept>();
  readonly #richest = new Map<string, Kept>();

  add(exchange: Exchange, source: string): void {
    if (!CAPTURED_APIS.has(exchange.apiKey)) return;
    const key = `${exchange.apiKey}/${exchange.apiVersion}`;
    const kept = { exchange, source };
    if (!this.#first.has(key)) this.#first.set(key, kept);
    const richest = this.#richest.get(key);
    const size = sizeOf(exchange);
    if (size <= RICH_LIMIT && (richest === undefined || size > sizeOf(richest.exchange)))
      this.#richest.set(key, kept);
  }

  /** All kept frames, ordered by API key and version. */
  frames(): readonly GoldenFrame[] {
    return [...this.#first]
      .sort(([, a], [, b]) => order(a.exchange) - order(b.exchange))
      .flatMap(([key, first]) => {
        const richest = this.#richest.get(key);
        const other = richest === undefined || richest.exchange === first.exchange ? undefined : richest;
        return [...framesOf('first', first), ...(other === undefined ? [] : framesOf('richest', other))];
      });
  }

  /** Versions seen of each API, by name. */
  coverage(): ReadonlyMap<string, readonly number[]> {
    const seen = new Map<string, number[]>();
    for (const api of CAPTURED_APIS.values()) seen.set(api.name, []);
    for (const { apiKey, apiVersion } of [...this.#first.values()].map(({ exchange }) => exchange)) {
      const name = CAPTURED_APIS.get(apiKey)?.name;
      if (name !== undefined) seen.get(name)?.push(apiVersion);
    }
    for (const versions of seen.values()) versions.sort((a, b) => a - b);
    return seen;
  }
}

function framesOf(exchange: 'first' | 'richest', { exchange: seen, source }: Kept): readonly GoldenFrame[] {
  const api = CAPTURED_APIS.get(seen.apiKey);
  if (api === undefined) return [];
  const { apiKey, apiVersion: version, correlationId } = seen;
  const common = { api: api.name, apiKey, version };
  const request = splitRequest(api, version, seen.request);
  const response = splitResponse(api, version, seen.response);
  const hex = (split: typeof request) => ({
    correlationId,
    headerHex: split.header.toString('hex'),
    bodyHex: split.body.toString('hex'),
    source,
  });
  return [
    { ...common, direction: 'request', exchange, ...hex(request) },
    { ...common, direction: 'response', exchange, ...hex(response) },
  ];
}

function sizeOf({ request, response }: Exchange): number {
  return request.length + response.length;
}

function order({ apiKey, apiVersion }: Exchange): number {
  return apiKey * 100 + apiVersion;
}
