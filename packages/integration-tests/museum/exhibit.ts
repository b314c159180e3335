/** What hangs in the museum: a bug that a client really had, or could have, as a change of one source file. */
import type { Rule } from './rules.ts';

/** A piece of a source file that is replaced. It must be there exactly once: whoever changes the file hears of it. */
export interface Change {
  /** Below `packages/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Exhibit {
  readonly id: string;
  /** What goes wrong, as a sentence about the client. */
  readonly fault: string;
  /** The client that had this bug, with the report; null for one that we thought of. */
  readonly seenIn: string | null;
  readonly change: Change;
  /** The rules that may catch it. */
  readonly rules: readonly Rule[];
  /** Found within seconds: part of every test run. */
  readonly quick?: true;
  /** Why the simulation does not find it yet. When it does, this line goes. */
  readonly unseen?: string;
}

/** The source with the bug in it. @throws Error naming the exhibit when the piece is not there exactly once */
export function withBug({ id, change }: Exhibit, source: string): string {
  const pieces = source.split(change.find);
  if (pieces.length !== 2) {
    throw new Error(
      `Exhibit ${id} does not fit any more: ${change.file} has its piece ${pieces.length - 1} times. Plant the bug anew.`,
    );
  }
  return pieces.join(change.replace);
}
