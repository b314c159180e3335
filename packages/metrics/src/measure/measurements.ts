/** Where measured values go: each metrics library has its own way to keep them. */
import type { CounterName, HistogramName } from '../catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Measurements {
  add(name: CounterName, groupId: string, labels: Labels, value: number): void;
  /** @param error what OpenTelemetry wants to know of an operation that failed; empty for one that did not */
  record(name: HistogramName, groupId: string, labels: Labels, seconds: number, error: string): void;
}
