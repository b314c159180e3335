/** Hands events to a hook as a group does: only those that it listens to. */
import type { HookLike } from '@kohort/core/spi';
import type { SampleEvent } from './samples.ts';

/** What the hook answers, which a group does not look at. `undefined` for an event that it does not listen to. */
export function deliver(hook: HookLike, event: SampleEvent): unknown {
  if (typeof hook === 'function') return hook(event);
  if (hook.events !== undefined && !hook.events.some((name) => name === event.type)) return undefined;
  return hook.onEvent(event);
}

/** All of it, as a group freezes it. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}
