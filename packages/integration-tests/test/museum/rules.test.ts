/** The museum knows every rule that a run of the simulation can break, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXHIBITS } from '../../museum/all-exhibits.ts';
import { PACKAGES } from '../../museum/build-player.ts';
import { isRule, RULES } from '../../museum/rules.ts';

/** Where rules are broken. */
const FOLDERS = ['integration-tests/simulation', 'testkit/src/invariants'];

/** Numbers of rules in the texts of errors: `'I1, exclusive ownership'`. */
function rulesInSources(): Set<string> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(PACKAGES, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(PACKAGES, folder, name)),
  );
  const found = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/['"` ]([ILPR]\d+), [a-z]/g),
  ]);
  return new Set(found.map(([, rule = '']) => rule));
}

it('has all rules of the simulation', () => {
  expect(RULES.map(([rule]) => rule).sort()).toEqual([...rulesInSources()].sort());
});

it('takes nothing else for a rule', () => {
  expect(['I1', 'R5'].every(isRule)).toBe(true);
  expect(['', 'I99', 'toString', 'timers are left'].some(isRule)).toBe(false);
});

it('expects each bug to be caught by one rule at least, or says why none does', () => {
  const silent = EXHIBITS.filter(({ rules, unseen }) => rules.length === 0 && unseen === undefined);
  expect(silent.map(({ id }) => id)).toEqual([]);
});
