/** Each rule of `layer-rules.mjs` fires on a deliberate violation and stays quiet on the legal neighbour. */
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../layer-rules.mjs';

const pure = 'packages/core/src/membership/step.ts';
const runtime = 'packages/core/src/runtime/manager.ts';
const clock = 'packages/core/src/runtime/system-clock.ts';

const illegal: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['packages/core/src/helpers/x.ts', 'export const x = 1;', 'known-folder'],
  [runtime, 'export const x = Math.random();', 'real-member'],
  [runtime, 'export const x = AbortSignal.timeout(1);', 'real-member'],
  [runtime, 'export const x = process.hrtime.bigint();', 'real-member'],
  [runtime, 'export const x = globalThis.setTimeout(() => {}, 1);', 'real-member'],
  ['packages/protocol/src/x.ts', 'export const x = Math.random();', 'real-member'],
  ['packages/assignors/src/x.ts', 'export const x = crypto.randomUUID();', 'real-member'],
  ['packages/broker-embedded/src/group/x.ts', 'export const x = Math.random();', 'real-member'],
  [pure, 'export async function f() {}', 'synchronous'],
  [pure, 'export const f = async () => 1;', 'synchronous'],
  [pure, 'export const x = await f();', 'synchronous'],
  [pure, 'for await (const x of y) x();', 'synchronous'],
  [pure, 'export type X = Promise<number>;', 'synchronous'],
  [pure, 'f().then(g);', 'synchronous'],
  [pure, "import('../wire/bytes.ts');", 'synchronous'],
  ['packages/core/src/assignment/x.ts', 'export async function f() {}', 'synchronous'],
  ['packages/core/src/wire/x.ts', 'export async function f() {}', 'synchronous'],
  [runtime, "export type X = typeof import('../consume/pump.ts');", 'import-type'],
  ['packages/testkit/src/x.ts', "export type X = import('@kohort/core').Y;", 'import-type'],
];

const legal: readonly (readonly [path: string, text: string])[] = [
  [clock, 'export const x = Math.random() + globalThis.performance.now();'],
  [runtime, 'export async function f(): Promise<number> { return Math.max(1, await g()); }'],
  [pure, "import type { X } from '../wire/bytes.ts'; export const f = (x: X) => [x].map((y) => y);"],
  [pure, '/* async, await, Promise, Math.random() */ export const text = "Math.random() async";'],
  ['packages/testkit/src/x.ts', 'export const x = Math.random();'],
  ['packages/core/test/membership/step.test.ts', 'await Promise.resolve(Math.random());'],
];

describe('layer rules beyond the linter', () => {
  it.each(illegal)('%s: %s breaks %s', (path, text, rule) => {
    expect(violationsOf(path, text).map((violation) => violation.rule)).toContain(rule);
  });

  it.each(legal)('%s: %s is legal', (path, text) => {
    expect(violationsOf(path, text)).toEqual([]);
  });

  it('names the line', () => {
    expect(violationsOf(runtime, '// one\n// two\nexport const x = Math.random();')).toMatchObject([
      { line: 3 },
    ]);
  });
});
