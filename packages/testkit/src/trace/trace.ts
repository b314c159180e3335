/** Records what happens during a test, in order, and answers questions about it. */
import type { Clock } from '@kohort/core/spi';
import type { TraceEvent, TraceFields, TraceVocabulary } from './trace-event.ts';
import { renderTrace } from './trace-text.ts';

/**
 * Which events: by actor, by type, by any fields, or by a function. A field matches when it is the same value; numbers,
 * bigints and strings of digits are compared by what they print.
 */
export type TraceFilter =
  | ((event: TraceEvent) => boolean)
  | { readonly actor?: string; readonly type?: string; readonly [field: string]: unknown };

export interface TraceOptions {
  /** Where the times come from, a virtual clock for instance; without one, events count as 0, 1, 2 … */
  readonly clock?: Pick<Clock, 'monotonic'>;
}

/** Begins a trace. */
export function recordTrace(options: TraceOptions = {}): Trace {
  return new Trace([], options.clock);
}

export class Trace {
  readonly #events: TraceEvent[];
  readonly #clock: Pick<Clock, 'monotonic'> | undefined;

  constructor(events: readonly TraceEvent[] = [], clock?: Pick<Clock, 'monotonic'>) {
    this.#events = [...events];
    this.#clock = clock;
  }

  /** Appends an event: one that the invariants understand, or any other. */
  record<Type extends keyof TraceVocabulary>(actor: string, type: Type, fields: TraceVocabulary[Type]): void;
  record<Type extends string>(
    actor: string,
    type: Type extends keyof TraceVocabulary ? never : Type,
    fields?: TraceFields,
  ): void;
  record(actor: string, type: string, fields: TraceFields | object = {}): void {
    const index = this.#events.length;
    const at = this.#clock?.monotonic() ?? index;
    this.#events.push(Object.freeze({ index, at, actor, type, fields: Object.freeze({ ...fields }) }));
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** The part of the trace that matches. */
  filter(filter: TraceFilter): Trace {
    return new Trace(this.#events.filter(matcher(filter)));
  }

  count(filter: TraceFilter): number {
    return this.#events.filter(matcher(filter)).length;
  }

  first(filter: TraceFilter): TraceEvent | undefined {
    return this.#events.find(matcher(filter));
  }

  last(filter: TraceFilter): TraceEvent | undefined {
    return this.#events.findLast(matcher(filter));
  }

  /**
   * What happened after the first event that matches `from`, before the next one that matches `to`; to the end of the trace
   * when there is none.
   * @throws Error when nothing matches `from`: a question about an interval that never began
   */
  between(from: TraceFilter, to: TraceFilter): Trace {
    const start = this.#events.findIndex(matcher(from));
    if (start < 0)
      throw new Error(`No event matches the beginning of the interval.\n${renderTrace(this.#events)}`);
    const rest = this.#events.slice(start + 1);
    const end = rest.findIndex(matcher(to));
    return new Trace(end < 0 ? rest : rest.slice(0, end));
  }

  /** The types of the matching events in order, of all events if there is no filter. */
  sequence(filter: TraceFilter = {}): string[] {
    return this.#events.filter(matcher(filter)).map((event) => event.type);
  }

  /** Aligned columns: milliseconds, actor, type, fields. */
  toString(): string {
    return renderTrace(this.#events);
  }
}

function matcher(filter: TraceFilter): (event: TraceEvent) => boolean {
  if (typeof filter === 'function') return filter;
  const { actor, type, ...fields } = filter;
  const wanted = Object.entries(fields);
  return (event) =>
    (actor === undefined || event.actor === actor) &&
    (type === undefined || event.type === type) &&
    wanted.every(([name, value]) => sameValue(event.fields[name], value));
}

function sameValue(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isScalar(a) && isScalar(b) && String(a) === String(b));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string';
}
