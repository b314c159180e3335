import { roundRobin } from '@kohort/core/spi';
import { describe, it } from 'vitest';
import { assignorConformance } from '../../src/index.ts';

assignorConformance({ describe, it }, () => roundRobin(), {
  balance: 'uniform',
  sameAs: 'roundrobin',
  staticMembers: true,
});
