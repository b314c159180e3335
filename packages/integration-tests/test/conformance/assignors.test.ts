/** Every assignor of the house keeps the laws that a plugin has to keep, and those that it promises besides. */
import { cooperativeSticky, range, roundRobin, sticky } from '@kohort/assignors';
import { assignorConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';

const runner = { describe, it };

assignorConformance(runner, () => range(), {
  sameAs: 'range',
  staticMembers: true,
  coPartitioning: true,
});
assignorConformance(runner, () => roundRobin(), {
  balance: 'uniform',
  sameAs: 'roundrobin',
  staticMembers: true,
});
assignorConformance(runner, () => sticky(), { balance: 'exact', sticky: true });
assignorConformance(runner, () => cooperativeSticky(), { balance: 'exact', sticky: true });

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
