// What a Java group member tells about itself, checked where it enters TypeScript.

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Assignment callbacks: `partitions` is the change, `owned` all that the member holds afterwards. */
export interface RebalanceEvent {
  readonly event: 'assigned' | 'revoked' | 'lost';
  readonly partitions: readonly TopicPartition[];
  readonly owned: readonly TopicPartition[];
  /** Null with kafka-clients before 2.5. */
  readonly memberId: string | null;
  /** -1 where unknown. */
  readonly generation: number;
}

/** One partition's share of one poll; offsets inclusive. */
export interface RecordsEvent extends TopicPartition {
  readonly event: 'records';
  readonly count: number;
  readonly minOffset: number;
  readonly maxOffset: number;
}

export interface CommittedEvent {
  readonly event: 'committed';
  readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
}

export interface StateEvent {
  readonly event: 'started' | 'closed';
}

export interface DoneEvent {
  readonly event: 'done';
  readonly command: string;
}

export interface TroubleEvent {
  readonly event: 'failed' | 'commitFailed';
  readonly message: string;
}

export type MemberEvent =
  | RebalanceEvent
  | RecordsEvent
  | CommittedEvent
  | StateEvent
  | DoneEvent
  | TroubleEvent;

const FIELDS: Readonly<Record<MemberEvent['event'], Readonly<Record<string, (value: unknown) => boolean>>>> =
  {
    assigned: rebalanceFields(),
    revoked: rebalanceFields(),
    lost: rebalanceFields(),
    records: {
      topic: isText,
      partition: isNumber,
      count: isNumber,
      minOffset: isNumber,
      maxOffset: isNumber,
    },
    committed: { offsets: Array.isArray },
    started: {},
    closed: {},
    done: { command: isText },
    failed: { message: isText },
    commitFailed: { message: isText },
  };

/** @throws Error when a line is not one of the events above. */
export function memberEvent(value: unknown): MemberEvent {
  if (isMemberEvent(value)) return value;
  throw new Error(`not an event of a Java member: ${JSON.stringify(value)}`);
}

function isMemberEvent(value: unknown): value is MemberEvent {
  if (typeof value !== 'object' || value === null || !('event' in value)) return false;
  const entry = Object.entries(FIELDS).find(([name]) => name === value.event);
  if (entry === undefined) return false;
  const own = new Map<string, unknown>(Object.entries(value));
  return Object.entries(entry[1]).every(([field, holds]) => holds(own.get(field)));
}

function rebalanceFields() {
  return { partitions: Array.isArray, owned: Array.isArray, generation: isNumber };
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
