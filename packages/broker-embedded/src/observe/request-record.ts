/** One request that the broker has received, as observers and fault rules see it. */

/**
 * How it ended. `unanswered`: the client wanted no answer (acks 0). `dropped` and `cut` are the work of fault rules;
 * `disconnected`: the connection ended before the answer.
 */
export type RequestOutcome = 'pending' | 'answered' | 'unanswered' | 'dropped' | 'cut' | 'disconnected';

/** Times are milliseconds of the broker's monotonic clock. Bodies have Kafka's field names, int64 as bigint. */
export interface RequestRecord {
  /** Counts up from 1 over all nodes. */
  readonly sequence: number;
  readonly receivedAt: number;
  readonly node: number;
  /** Number of the connection, counting up from 1 over all nodes. */
  readonly connection: number;
  readonly correlationId: number;
  readonly apiKey: number;
  /** Kafka's name: `JoinGroup`. */
  readonly api: string;
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** The group that the request names, null for none. */
  readonly groupId: string | null;
  /** The member that the request names (the first one of a batch), null for none or a first join. */
  readonly memberId: string | null;
  readonly request: unknown;
  /** null until there is one. */
  readonly response: unknown;
  readonly answeredAt: number | null;
  readonly outcome: RequestOutcome;
}

/** Called when a request has arrived, and again when its outcome is known. */
export type RequestListener = (record: RequestRecord, phase: 'received' | 'done') => void;

/** The broker's own view of a record. */
export type OpenRecord = { -readonly [K in keyof RequestRecord]: RequestRecord[K] };

function stringField(value: unknown, field: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found: unknown = Reflect.get(value, field);
  return typeof found === 'string' && found !== '' ? found : null;
}

function firstOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null) return null;
  const found: unknown = Reflect.get(value, field);
  return Array.isArray(found) ? found[0] : null;
}

/** The group that a request body names, whatever its API calls it. */
export function groupIdOf(request: unknown): string | null {
  return (
    stringField(request, 'groupId') ??
    stringField(firstOf(request, 'groups'), 'groupId') ??
    stringField(request, 'key')
  );
}

/** The member that a request body names. */
export function memberIdOf(request: unknown): string | null {
  return (
    stringField(request, 'memberId') ??
    stringField(firstOf(request, 'members'), 'memberId') ??
    stringField(firstOf(request, 'groups'), 'memberId')
  );
}
