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
for (const racks of [undefined, 'leader', 'replicas'] as const) {
  const policy = racks === undefined ? {} : { racks };
  describe(`racks: ${racks ?? 'off'}`, () => {
    assignorConformance(runner, () => sticky(policy), { balance: 'exact', sticky: true, ...policy });
    assignorConformance(runner, () => cooperativeSticky(policy), {
      balance: 'exact',
      sticky: true,
      ...policy,
    });
  });
}
