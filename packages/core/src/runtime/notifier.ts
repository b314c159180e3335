/** Hands events to hooks: synchronously, each in its own try, never awaited. An event that nobody wants is not built. */
import type { Clock } from '../contracts/clock.ts';
import type {
  EventEnvelope,
  EventFields,
  EventName,
  Hook,
  HookLike,
  KohortEvent,
} from '../contracts/hooks.ts';

/** The part of the envelope that the membership knows. */
export interface Identity {
  readonly groupId: string;
  readonly clientId: string;
  readonly groupInstanceId?: string;
  readonly memberId: string;
  readonly generationId: number;
  readonly rebalanceId?: number;
}

interface Listener {
  readonly name: string;
  readonly events: ReadonlySet<EventName> | null;
  readonly call: (event: KohortEvent) => void;
  broken: boolean;
}

export class Notifier {
  readonly #clock: Clock;
  readonly #identity: () => Identity;
  readonly #listeners = new Set<Listener>();
  /** What the listeners want, null for everything; found out when one comes or goes, since it is asked for each record. */
  #wanted: ReadonlySet<EventName> | null = new Set();
  #seq = 0;

  constructor(clock: Clock, identity: () => Identity, hooks: readonly HookLike[]) {
    this.#clock = clock;
    this.#identity = identity;
    for (const hook of hooks) this.subscribe(hook);
  }

  /** Returns the function that ends the subscription. */
  subscribe(hook: HookLike): () => void {
    const listener = listenerOf(hook);
    this.#listeners.add(listener);
    this.#noteWanted();
    return () => {
      this.#listeners.delete(listener);
      this.#noteWanted();
    };
  }

  #noteWanted(): void {
    this.#wanted = new Set();
    for (const { events } of this.#listeners)
      this.#wanted = events && this.#wanted && new Set([...this.#wanted, ...events]);
  }

  /** Whether building this event is worth the while. */
  wants(name: EventName): boolean {
    return !this.#wanted || this.#wanted.has(name);
  }

  emit<Name extends EventName>(name: Name, fields: EventFields[Name]): void {
    if (!this.wants(name)) return;
    this.#seq += 1;
    const envelope: EventEnvelope = {
      v: 1,
      seq: this.#seq,
      ts: this.#clock.wall(),
      mono: this.#clock.monotonic(),
      ...this.#identity(),
    };
    const event: EventEnvelope = Object.assign(envelope, { type: name }, fields);
    freeze(event);
    for (const listener of [...this.#listeners]) {
      if (!listener.events || listener.events.has(name)) this.#deliver(listener, event as KohortEvent); // `type` and `fields` belong together
    }
  }

  #deliver(listener: Listener, event: KohortEvent): void {
    try {
      listener.call(event);
    } catch (error) {
      if (listener.broken) return;
      listener.broken = true; // before telling, since the teller may be among the told
      this.emit('hook.error', { hook: listener.name, message: messageOf(error) });
    }
  }
}

function listenerOf(hook: HookLike): Listener {
  if (typeof hook === 'function')
    return { name: hook.name || 'function', events: null, call: hook, broken: false };
  return { name: hook.name, events: eventsOf(hook), call: (event) => hook.onEvent(event), broken: false };
}

function eventsOf(hook: Hook): ReadonlySet<EventName> | null {
  return hook.events ? new Set(hook.events) : null;
}

/** All of it: lists of partitions are those that the membership itself works with. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
