/** A unit of dispatch: one record, or a batch of them, on its way through a handler, with its retries. */

import type { Watermark } from '../commit/watermark.ts';
import type { Timer } from '../contracts/clock.ts';
import type { Pump } from './pump.ts';
import type { FetchedRecord } from './record.ts';

export interface Task {
  readonly pump: Pump;
  /** The partition's watermark when the records were taken; another one after a seek. */
  readonly mark: Watermark;
  /** What is still to be handled: after a skip, a retry or a settlement in between, only the rest. */
  records: readonly FetchedRecord[];
  /** Relative offsets of the records. */
  offsets: readonly number[];
  /** Share of the fetched bytes. */
  readonly bytes: number;
  /** Keys that nobody else may work on meanwhile; empty unless records are ordered by key. */
  readonly keys: readonly string[];
  /** From 1. */
  attempt: number;
  /** On the monotonic clock: when this attempt began, or when something of its batch last settled. */
  since: number;
  /** When this attempt began. */
  startedAt: number;
  /** Set while it waits for a retry. */
  timer: Timer | null;
  /** Its place among the handler calls that are under way: see `Deadlines`. */
  watched: boolean;
  older: Task | null;
  newer: Task | null;
}

export function firstOf(task: Task): number {
  return task.offsets[0] as number;
}

export function lastOf(task: Task): number {
  return task.offsets[task.offsets.length - 1] as number;
}
