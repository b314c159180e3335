// docs/internals/scenarios.md says which tests carry which ids of failure scenarios, and no id is without a test.

import { describe, expect, it } from 'vitest';
import { CATALOGUE, CONSUMER_PROTOCOL } from '../../scenarios/catalogue.ts';
import { scenarioTests } from './support/scenario-tests.ts';
import { scenariosPage } from './support/scenarios-page.ts';

const ids = CATALOGUE.flatMap(({ rows }) => Object.keys(rows));
const tests = scenarioTests();
const carried = new Set(tests.flatMap((one) => one.ids));

describe('failure scenarios', () => {
  it('are numbered without gaps', () => {
    const expected = Array.from({ length: ids.length }, (_, n) => `S${String(n + 1).padStart(2, '0')}`);
    expect(ids.toSorted()).toEqual(expected);
  });

  it('have a test each, but for those of a protocol that is refused', () => {
    const untested = ids.filter((id) => !carried.has(id) && !(id in CONSUMER_PROTOCOL.rows));
    expect(untested).toEqual([]);
  });

  it('are all that tests speak of', () => {
    expect([...carried].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('stand in docs/internals/scenarios.md with their tests', async () => {
    await expect(scenariosPage(tests)).toMatchFileSnapshot('../../../../docs/internals/scenarios.md');
  });
});
