/** What shows a run: a redrawn picture, plain lines, or nothing. */
import type { Happening } from '../engine/happening.ts';

export interface View {
  /** Something has happened. */
  onHappening(happening: Happening): void;
  /** The run is over: what is written after this stays below. */
  end(): void;
}

/** The part of a stream that views write to. */
export interface Output {
  write(text: string): unknown;
}

/** Shows nothing. */
export const silentView: View = { onHappening: () => undefined, end: () => undefined };
