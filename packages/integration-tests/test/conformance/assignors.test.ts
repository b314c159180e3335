/** Every assignor of the house keeps the laws that a plugin has to keep, and those that it promises besides. */
import { cooperativeSticky, range, roundRobin, sticky, weighted } from '@kohort/assignors';
import { assignorConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { earlierSticky, type StickyForm } from './earlier-sticky.ts';

const runner = { describe, it };
/** Problems for each law and assignor: some ten thousand in all, unless more are asked for. */
const runs = Number(process.env.KOHORT_PROBLEMS ?? 40);
const forms: readonly StickyForm[] = [0, 1];

/** Where another process finds the assignors: their sources. */
const moduleOf = (factory: string) => ({
  url: new URL('../../../assignors/src/index.ts', import.meta.url),
  factory,
  execArgv: ['--conditions=@kohort/source', '--import', 'tsx'],
});

assignorConformance(runner, () => range(), {
  runs,
  sameAs: 'range',
  staticMembers: true,
  coPartitioning: true,
  module: moduleOf('range'),
});
assignorConformance(runner, () => roundRobin(), {
  runs,
  balance: 'uniform',
  sameAs: 'roundrobin',
  staticMembers: true,
  topicSpread: true,
  module: moduleOf('roundRobin'),
});
assignorConformance(runner, () => sticky(), {
  runs,
  balance: 'exact',
  sticky: true,
  topicSpread: true,
  peers: forms.map((form) => () => earlierSticky({ name: 'sticky', protocols: ['eager'], form })),
  module: moduleOf('sticky'),
});
assignorConformance(runner, () => cooperativeSticky(), {
  runs,
  balance: 'exact',
  sticky: true,
  topicSpread: true,
  peers: forms.map(
    (form) => () => earlierSticky({ name: 'cooperative-sticky', protocols: ['cooperative', 'eager'], form }),
  ),
  module: moduleOf('cooperativeSticky'),
});

describe('with racks', () => {
  assignorConformance(runner, () => sticky({ racks: 'leader' }), {
    balance: 'exact',
    sticky: true,
    racks: 'leader',
  });
  assignorConformance(runner, () => cooperativeSticky({ racks: 'replicas' }), {
    balance: 'exact',
    sticky: true,
    racks: 'replicas',
  });
});

describe('by weight', () => {
  assignorConformance(runner, () => weighted(), { module: moduleOf('weighted') });
  assignorConformance(runner, () => weighted({ tolerance: 0 }), { balance: 'uniform' });

  /** Topics by the length of their names. */
  const weightOf = (topic: string) => 10 ** (topic.length % 3);
  assignorConformance(runner, () => weighted({ weightOf }), {
    namesMatter: true,
    weights: { weightOf, gap: 1 },
    peers: [() => earlierSticky({ name: 'kohort-weighted', protocols: ['cooperative', 'eager'], form: 1 })],
  });
});
