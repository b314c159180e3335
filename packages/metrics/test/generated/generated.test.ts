// What is made from the catalogue is as the catalogue has it. `vitest run -u` writes the files.

import { describe, expect, it } from 'vitest';
import { metricsPage } from './metrics-page.ts';

describe('made from the catalogue', () => {
  it('docs/metrics.md', async () => {
    await expect(metricsPage()).toMatchFileSnapshot('../../../../docs/metrics.md');
  });
});
