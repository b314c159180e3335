/** The groups that are measured: topics with their numbers of partitions, and what each member subscribes to. */
import { seeded } from './seeded.ts';

export interface Shape {
  readonly name: string;
  /** Number of partitions of each topic. */
  readonly topics: readonly number[];
  /** For each member the indexes of its topics, ascending. */
  readonly subscriptions: readonly (readonly number[])[];
  /** Where only being there in time counts: not measured on peers. */
  readonly alone?: boolean;
}

type Unnamed = Omit<Shape, 'name'>;

export interface ShapeMaker {
  readonly name: string;
  make(): Shape;
}

const range = (count: number, first = 0) => Array.from({ length: count }, (_, i) => first + i);
const equal = (topics: number, partitions: number) => range(topics).map(() => partitions);

/** All members subscribe to everything. */
export function uniform(topics: number, partitions: number, members: number): Unnamed {
  const all = range(topics);
  return { topics: equal(topics, partitions), subscriptions: range(members).map(() => all) };
}

/** As `uniform`, but the last member subscribes to the first topic alone. */
function oneOdd({ topics, subscriptions }: Unnamed): Unnamed {
  return { topics, subscriptions: [...subscriptions.slice(0, -1), [0]] };
}

/** Each member subscribes to k topics, drawn by lot. */
function drawn(topics: number, partitions: number, members: number, k: number): Unnamed {
  const random = seeded(k);
  const subscriptions = range(members).map(() => random.sample(topics, k).sort((a, b) => a - b));
  // A topic without subscribers would not be part of the group.
  for (const topic of range(topics)) {
    if (!subscriptions.some((own) => own.includes(topic))) subscriptions[topic % members]?.push(topic);
  }
  for (const own of subscriptions) own.sort((a, b) => a - b);
  return { topics: equal(topics, partitions), subscriptions };
}

/** A hundred topics of 0 to 499 partitions for a hundred members (franz-go: BenchmarkLarge). */
function uneven(): Unnamed {
  const random = seeded(7);
  const all = range(100);
  return {
    topics: all.map(() => random.below(500)),
    subscriptions: all.map(() => all),
  };
}

const buckets = range(5).map((bucket) => range(20, bucket * 20));
const halves = [range(50), range(50, 50)] as const;

/** Made when they are needed: some take a while. */
export const SHAPES: readonly ShapeMaker[] = [
  named('20×6×6 uniform', () => uniform(20, 6, 6)),
  named('100×100×100 uniform', () => uniform(100, 100, 100)),
  named('100 topics of 0 to 499 × 100, uniform', () => uneven()),
  named('100 topics of 0 to 499 × 100, one odd', () => oneOdd(uneven())),
  named('60×50×30, 3 topics each', () => drawn(60, 50, 30, 3)),
  named('1000×20×1000, 3 topics each', () => drawn(1000, 20, 1000, 3)),
  named('50×1000×1000 uniform', () => uniform(50, 1000, 1000)),
  named('100×1000×1000 uniform', () => uniform(100, 1000, 1000)),
  named('50×800×800, one odd', () => oneOdd(uniform(50, 800, 800))),
  named('100×200×500, a quarter on one half of the topics, the others on the other', () => ({
    topics: equal(100, 200),
    subscriptions: range(500).map((m) => (m % 4 === 0 ? halves[0] : halves[1])),
  })),
  named('100×2500×5000, 5 buckets', () => ({
    topics: equal(100, 2500),
    subscriptions: range(5000).map((m) => buckets[m % 5] ?? []),
  })),
  named('100×5000×10000 uniform', () => uniform(100, 5000, 10_000)),
  named('500×2000×2000 uniform', () => uniform(500, 2000, 2000)),
  named('500×2000×2000, one odd', () => oneOdd(uniform(500, 2000, 2000))),
  ...[3, 20, 100, 250].map((k) =>
    named(`500×400×2000, ${k} topics each`, () => ({ ...drawn(500, 400, 2000, k), alone: k > 3 })),
  ),
];

function named(name: string, make: () => Unnamed): ShapeMaker {
  return { name, make: () => ({ name, ...make() }) };
}
