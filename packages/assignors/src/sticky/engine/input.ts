/** What the engine is given: integers only, in canonical order. */

export interface EngineInput {
  readonly memberCount: number;
  /** Flat id of each topic's partition 0, and the number of all partitions as last entry. */
  readonly topicBase: Int32Array;
  /** For each member the topics that it subscribes to, ascending. */
  readonly memberTopics: readonly Int32Array[];
  /** For each flat id its present owner, subscribed and undisputed, or -1. */
  readonly owner: Int32Array;
  /** Left out where racks do not count. */
  readonly racks?: RackInput;
}

/** Racks as numbers. */
export interface RackInput {
  /** For each member the number of its rack, -1 for none: no partition is off such a member's rack. */
  readonly memberRack: Int32Array;
  /** For each flat id the number of its set of racks. Sets are numbered by first appearance. */
  readonly partitionKey: Int32Array;
  /** For each number the racks in the set; null for a set that suits everybody. */
  readonly keys: readonly (ReadonlySet<number> | null)[];
}
