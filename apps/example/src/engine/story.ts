/** Who takes part in the demo and what happens when. Times are shares of the whole, so that it can be played at any length. */

export interface Character {
  readonly name: string;
  /** One word for the table; empty for nothing special. */
  readonly trait: '' | 'slow' | 'flaky';
  /** How many of its first attempts throw, as a share. */
  readonly failures: number;
}

export interface Step {
  /** From 0 to 1. */
  readonly at: number;
  readonly does: 'join' | 'crash' | 'leave';
  readonly member: string;
}

/** Milliseconds of work on one record. */
export const PACE = { quick: { min: 4, max: 14 }, slow: { min: 60, max: 140 } };

export const CAST: readonly Character[] = [
  { name: 'ada', trait: '', failures: 0 },
  { name: 'ben', trait: '', failures: 0 },
  { name: 'cleo', trait: 'slow', failures: 0 },
  { name: 'dan', trait: 'flaky', failures: 1 / 150 },
  { name: 'eve', trait: '', failures: 0 },
];

export const STORY: readonly Step[] = [
  { at: 0, does: 'join', member: 'ada' },
  { at: 0.08, does: 'join', member: 'ben' },
  { at: 0.16, does: 'join', member: 'cleo' },
  { at: 0.24, does: 'join', member: 'dan' },
  { at: 0.4, does: 'crash', member: 'ben' },
  { at: 0.74, does: 'leave', member: 'cleo' },
  { at: 0.84, does: 'join', member: 'eve' },
];
