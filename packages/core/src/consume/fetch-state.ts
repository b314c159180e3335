/** How far one partition has been fetched, and what stands in the way of fetching on. */
export class FetchState {
  /** Relative offset to fetch next. */
  offset = 0;
  /** Leader epoch of the last record fetched, -1 where unknown. */
  epoch = -1;
  /** Grows whenever what is under way becomes stale. */
  version = 0;
  /** A request that asks for this partition is under way. */
  underWay = false;
  /** On the monotonic clock: not before. */
  notBefore = 0;
  failures = 0;
  /** Node id of a closer replica (KIP-392), -1 for the leader. */
  replica = -1;
  /** On the monotonic clock: then the leader is asked again for the closest one. */
  replicaUntil = 0;
  /** A position is being looked up or checked: nothing is fetched meanwhile. */
  held = false;
  /** Leader epoch under which the position was last found to be in the log, -1 for none. */
  checkedUnder = -1;
  /** The topic that the position is one of, where the cluster has ids (KIP-516). */
  topicId: string | undefined;

  begin(epoch: number): void {
    this.version += 1;
    this.offset = 0;
    this.epoch = epoch;
    this.checkedUnder = -1;
    this.held = false;
  }

  /** There is no position until `begin`. */
  forget(topicId: string): void {
    this.version += 1;
    this.held = true;
    this.topicId = topicId;
    this.succeed();
  }

  /** What was fetched from `offset` on is fetched again. */
  rewind(offset: number): void {
    this.version += 1;
    this.offset = offset;
  }

  fail(now: number, delayMs: number): void {
    this.failures += 1;
    this.notBefore = now + delayMs;
  }

  succeed(): void {
    this.failures = 0;
    this.notBefore = 0;
  }
}
