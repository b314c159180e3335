/** Where measured values go: each metrics library has its own way to keep them. */
import type { CounterName, HistogramName } from '../catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Measurements {
  add(name: CounterName, groupId: string, labels: Labels, value: number): void;
  record(name: HistogramName, groupId: string, labels: Labels, seconds: number): void;
}
