/** Traces for people: one line an event, in aligned columns. */
import type { TraceEvent } from './trace-event.ts';

/** Columns: time in milliseconds, actor, type, fields. */
export function renderTrace(events: readonly TraceEvent[]): string {
  const rows = events.map((event) => [
    formatTime(event.at),
    event.actor,
    event.type,
    Object.entries(event.fields)
      .map(([name, value]) => `${name}=${formatValue(value)}`)
      .join(' '),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([time = '', actor = '', type = '', fields = '']) =>
      [time.padStart(widths[0] ?? 0), actor.padEnd(widths[1] ?? 0), type.padEnd(widths[2] ?? 0), fields]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function formatTime(ms: number): string {
  return Number.isInteger(ms) ? String(ms) : ms.toFixed(1);
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    return JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'bigint' ? inner.toString() : inner,
    );
  }
  return String(value);
}
