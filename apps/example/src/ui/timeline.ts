/** Who had which partition over the last minute, from snapshots taken often. */
import type { MemberView, StageSnapshot } from '../engine/snapshot.ts';
import type { Span } from './message.ts';

/** Milliseconds that the timeline looks back. */
export const TIMELINE_WINDOW = 60_000;

type OpenSpan = { -readonly [K in keyof Span]: Span[K] };

export class Timeline {
  readonly #partitions: OpenSpan[][] = [];
  readonly #throughput: { readonly at: number; readonly perSecond: number }[] = [];

  /** @param colourOf the colour of a member */
  observe(snapshot: StageSnapshot, colourOf: (member: string) => number): void {
    const { elapsedMs: now, members, lag, perSecond } = snapshot;
    while (this.#partitions.length < lag.length) this.#partitions.push([]);
    for (const [partition, spans] of this.#partitions.entries()) {
      const owners = members.filter(({ partitions }) => partitions.includes(partition));
      const owner = owners.find((member) => kindOf(member) !== 'orphaned') ?? owners[0];
      if (owner !== undefined) extend(spans, owner, colourOf(owner.name), now);
      while ((spans[0]?.to ?? now) < now - TIMELINE_WINDOW) spans.shift();
    }
    const last = this.#throughput.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (now - last >= 1000) this.#throughput.push({ at: now, perSecond });
    while ((this.#throughput[0]?.at ?? now) < now - TIMELINE_WINDOW) this.#throughput.shift();
  }

  /** By partition, oldest first. */
  get partitions(): readonly (readonly Span[])[] {
    return this.#partitions;
  }

  /** Records per second, one a second, oldest first. */
  get throughput(): readonly number[] {
    return this.#throughput.map(({ perSecond }) => Math.round(perSecond));
  }
}

/** Goes on with the last span while it is the same, begins one where it is not. */
function extend(spans: OpenSpan[], owner: MemberView, colour: number, now: number): void {
  const kind = kindOf(owner);
  const last = spans.at(-1);
  if (last?.member === owner.name && last.kind === kind && last.to >= now - LONGEST_GAP) last.to = now;
  else spans.push({ member: owner.name, colour, kind, from: now, to: now });
}

/** Milliseconds between two snapshots after which nothing is known of the time between. */
const LONGEST_GAP = 1000;

function kindOf({ status, state, isFrozen }: MemberView): Span['kind'] {
  if (status === 'crashed' || isFrozen) return 'orphaned';
  return state === 'stable' ? 'working' : 'moving';
}
