/** Whole events out of the samples, as a group makes them. */
import type { EventEnvelope, EventName, KohortEvent } from '@kohort/core/spi';
import { SAMPLE_FIELDS } from './sample-fields.ts';

export type SampleEvent = KohortEvent;

type Member = Partial<Pick<EventEnvelope, 'groupId' | 'clientId' | 'memberId' | 'groupInstanceId'>>;

export const EVENT_NAMES: readonly string[] = Object.keys(SAMPLE_FIELDS);

/** Texts without an end: names, messages, offsets. Others are from closed lists. */
const OPEN_TEXTS = new Set(['topic', 'message', 'host', 'offender', 'offset', 'firstOffset', 'lastOffset']);

/** The life of one member: each event with each of its samples, the end at the end. */
export function eventsOf(member: Member = {}): SampleEvent[] {
  const isEnd = (name: string) => name.startsWith('close.');
  const names = [...EVENT_NAMES.filter((name) => !isEnd(name)), ...EVENT_NAMES.filter(isEnd)];
  const fields = names.flatMap((name) =>
    SAMPLE_FIELDS[name as EventName].map((sample: object) => ({ type: name, ...structuredClone(sample) })),
  );
  return fields.map((sample, i) => Object.assign(envelope(i + 1, member), sample) as SampleEvent);
}

function envelope(seq: number, member: Member): EventEnvelope {
  return {
    v: 1,
    seq,
    ts: 1_767_225_600_000 + seq,
    mono: seq + 0.5,
    groupId: 'conformance',
    clientId: 'kohort',
    memberId: seq < 3 ? '' : 'member-1',
    generationId: seq < 3 ? -1 : 7,
    ...(seq % 2 === 0 ? { rebalanceId: seq } : {}),
    ...member,
  };
}

/** The same event about another member, topic, offset and message: the `nth` of them. */
export function other(event: SampleEvent, nth: number): SampleEvent {
  const renamed = structuredClone(event);
  rename(renamed, nth);
  return Object.assign(renamed, { memberId: `member-${nth}`, generationId: nth, seq: nth });
}

function rename(value: object, nth: number): void {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null) rename(inner, nth);
    else if (name.endsWith('ffset')) Reflect.set(value, name, String(nth));
    else if (OPEN_TEXTS.has(name)) Reflect.set(value, name, `${name}-${nth}`);
  }
}

/** What a later version may tell: a field more in each event, a value more in each closed list, an event more. */
export function newerEvents(): SampleEvent[] {
  const extended = eventsOf().map((event) => {
    for (const name of ['reason', 'kind', 'trigger', 'phase', 'action', 'terminalClass', 'outcome']) {
      if (typeof Reflect.get(event, name) === 'string') Reflect.set(event, name, 'something-new');
    }
    return Object.assign(event, { somethingNew: { nested: [1, null, 'two'] } });
  });
  const unknown = eventsOf().slice(0, 1);
  return [...extended, ...unknown.map((event) => Object.assign(event, { type: 'something.new', count: 3 }))];
}
