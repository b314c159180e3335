/** The quick exhibits are found, the product without a bug is not, and the page about the museum is up to date. */
import { describe, expect, it } from 'vitest';
import { EXHIBITS } from '../../museum/all-exhibits.ts';
import { museumPage } from '../../museum/exhibits-page.ts';
import { show } from '../../museum/show.ts';

const SEEDS = 20;
const quick = EXHIBITS.filter((exhibit) => exhibit.quick);

describe('the museum', () => {
  it.each(quick.map((exhibit) => [exhibit.id, exhibit] as const))(
    '%s is found by a rule that should find it',
    { timeout: 120_000 },
    async (_, exhibit) => {
      const { found, others } = await show(exhibit, SEEDS);
      expect(found?.rule, JSON.stringify(others.slice(0, 1))).toBeOneOf([...exhibit.rules]);
    },
  );

  it('finds nothing where no bug is planted', { timeout: 120_000 }, async () => {
    expect((await show(null, 5)).found).toBeNull();
  });

  it('is described by docs/internals/museum.md', async () => {
    await expect(museumPage()).toMatchFileSnapshot('../../../../docs/internals/museum.md');
  });
});
