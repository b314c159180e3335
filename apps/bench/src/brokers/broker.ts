/** The broker that all clients of a run share. */

export interface BenchBroker {
  readonly kind: 'kafka' | 'embedded' | 'foreign';
  /** For people: what it is, and why if it is not the first choice. */
  readonly label: string;
  readonly bootstrap: readonly string[];
  stop(): Promise<void>;
}
