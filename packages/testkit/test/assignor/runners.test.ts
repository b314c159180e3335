/** The kit under the runners that it is for, in a project that has it installed: laws that hold pass, a broken one fails. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLikeJest } from './jest-like.ts';
import { SmallProject } from './small-project.ts';

/** One assignor that keeps the laws, and one that forgets all partitions. */
const BODY = `
assignorConformance({ describe, it }, () => roundRobin(), { runs: 5, seed: 1 });
assignorConformance(
  { describe, it },
  () =>
    defineAssignor({
      name: 'forgetful',
      protocols: ['eager'],
      assign: ({ members }) => ({ partitions: members.map(() => new Int32Array()) }),
    }),
  { runs: 5, seed: 1 },
);
`;
const MODULE = (runner: string) => `import { describe, it } from '${runner}';
import { defineAssignor, roundRobin } from '@kohort/core/spi';
import { assignorConformance } from '@kohort/testkit';
${BODY}`;
const SCRIPT = (globals: string) => `'use strict';
${globals}
const { defineAssignor, roundRobin } = require('@kohort/core/spi');
const { assignorConformance } = require('@kohort/testkit');
${BODY}`;

const REGRESSION = "problems: ['t0:1 | m0{t0}']";
let project: SmallProject;

beforeAll(async () => {
  project = await SmallProject.create(['fast-check', 'vitest']);
});
afterAll(() => project.remove());

describe('runners', () => {
  it.each([
    ['node-test.test.mjs', MODULE('node:test')],
    ['node-test.test.cjs', SCRIPT("const { describe, it } = require('node:test');")],
  ])('node:test, %s', async (file, text) => {
    await project.write(file, text);
    const { code, output } = await project.node('--test-reporter=tap', file);
    expect(output).toMatch(/^ok 1 - assignor conformance of roundrobin$/m);
    expect(output).toMatch(/^not ok 2 - assignor conformance of forgetful$/m);
    expect(output).toMatch(/not ok \d+ - completeness: /);
    expect(output).toMatch(/ ok \d+ - exclusivity: /);
    expect(output).toContain(REGRESSION);
    expect(code).toBe(1);
  });

  it('vitest', async () => {
    await project.write('vitest.test.mjs', MODULE('vitest'));
    const cli = join(project.folder, 'node_modules/vitest/vitest.mjs');
    const { code, output } = await project.node(cli, 'run', '--reporter=tap-flat', 'vitest.test.mjs');
    expect(output).toMatch(/^ok \d+ - .*assignor conformance of roundrobin > completeness: /m);
    expect(output).not.toMatch(/^not ok \d+ - .*roundrobin/m);
    expect(output).toMatch(/^not ok \d+ - .*assignor conformance of forgetful > completeness: /m);
    expect(output).toMatch(/^ok \d+ - .*assignor conformance of forgetful > exclusivity: /m);
    expect(output).toContain(REGRESSION);
    expect(code).toBe(1);
  });

  it('jest: what it demands of suites and tests', async () => {
    await project.write('jest.test.cjs', SCRIPT(''));
    const results = await runLikeJest(join(project.folder, 'jest.test.cjs'));
    const failed = [...results].filter(([, message]) => message !== null);
    expect([...results.keys()].filter((name) => name.includes('of roundrobin >')).length).toBeGreaterThan(10);
    expect(failed.filter(([name]) => name.includes('of roundrobin >'))).toEqual([]);
    const [name, message] = failed.find(([test]) => test.includes('completeness')) ?? [];
    expect(name).toMatch(/^assignor conformance of forgetful > completeness: /);
    expect(message).toContain(REGRESSION);
    expect(failed.map(([test]) => test.split(' > ')[1]?.split(':')[0])).not.toContain('exclusivity');
  });
});
