/** The conformance suite for hooks, for any test runner that has `describe` and `it`. */
import type { HookLike } from '@kohort/core/spi';
import { type ConformanceRunner, type ContractLaw, declareLaws } from '../conformance.ts';
import { boundedLaw } from './laws/bounded.ts';
import { calmLaws } from './laws/calm.ts';
import { shapeLaws } from './laws/shape.ts';

/** A hook, and what it has gathered. */
export interface HookUnderTest {
  readonly hook: HookLike;
  /** How many series (names, label sets, keys) the hook holds by now; then they must stay bounded. */
  readonly series?: () => number | Promise<number>;
}

/**
 * Declares one test for each law that a hook has to keep: it takes every event of the catalogue, those of newer versions
 * too, throws nothing, changes nothing, returns at once, and, where it can count its series, keeps them bounded.
 *
 * @param make a new hook; called for each law
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { HOOK_CONTRACT_VERSION } from '@kohort/core/spi';
 * import { hookConformance } from '@kohort/testkit';
 *
 * hookConformance({ describe, it }, () => {
 *   const counts = new Map<string, number>();
 *   const hook = {
 *     name: 'counter',
 *     contractVersion: HOOK_CONTRACT_VERSION,
 *     onEvent: ({ type }: { type: string }) => void counts.set(type, (counts.get(type) ?? 0) + 1),
 *   };
 *   return { hook, series: () => counts.size };
 * });
 * ```
 */
export function hookConformance(runner: ConformanceRunner, make: () => HookUnderTest): void {
  const { hook, series } = make();
  const laws: ContractLaw<HookUnderTest>[] = [...shapeLaws, ...calmLaws];
  if (series !== undefined) laws.push(boundedLaw);
  declareLaws(runner, `hook conformance of ${hook.name}`, laws, make);
}
