/**
 * Golden bodies: what a message of an API, version and direction looks like on the wire, from three sources. Captured from
 * real exchanges (`frames.json`), written by Kafka's own generated classes (`kafka-serializer.txt`), and spelled by hand
 * from the specification (`spelled.ts`).
 */
import { existsSync, readFileSync } from 'node:fs';
import type { DirectionName } from '../support/directions.ts';
import { SPELLED } from './spelled.ts';

export interface GoldenBody {
  readonly source: 'captured' | 'serialised' | 'spelled';
  readonly api: string;
  readonly direction: DirectionName;
  readonly version: number;
  /** What tells it from others of the same API, direction and version. */
  readonly note: string;
  readonly hex: string;
  /** The message in Kafka's JSON form, where the source gives it. */
  readonly json?: unknown;
}

/** A frame captured by the integration tests: the fields that are read here. */
export interface CapturedFrame {
  readonly api: string;
  readonly apiKey: number;
  readonly version: number;
  readonly direction: DirectionName;
  readonly exchange: string;
  readonly correlationId: number;
  readonly headerHex: string;
  readonly bodyHex: string;
  readonly source: string;
}

export function capturedFrames(): readonly CapturedFrame[] {
  const file = new URL('./frames.json', import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly CapturedFrame[]) : [];
}

function captured(): readonly GoldenBody[] {
  return capturedFrames().map(({ api, direction, version, exchange, source, bodyHex }) => {
    return { source: 'captured', api, direction, version, note: `${exchange}, ${source}`, hex: bodyHex };
  });
}

function serialised(): readonly GoldenBody[] {
  const lines = readFileSync(new URL('./kafka-serializer.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [api = '', direction, version, note = '', hex = '', ...json] = line.split(' ');
    return {
      source: 'serialised',
      api,
      direction: direction === 'request' ? 'request' : 'response',
      version: Number(version),
      note,
      hex,
      json: JSON.parse(json.join(' ')),
    };
  });
}

/** All golden bodies there are. */
export const GOLDENS: readonly GoldenBody[] = [...captured(), ...serialised(), ...SPELLED];
