/** The kit under node:test, in a process of its own; vitest runs it in every other test here. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('runs under node:test: laws that hold pass, and one that is broken fails with its table', async () => {
  const file = fileURLToPath(new URL('./fixture-node-test.ts', import.meta.url));
  const args = ['--conditions=@kohort/source', '--import', 'tsx', '--test-reporter=tap', file];
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, args, { timeout: 25_000, env: { PATH: process.env.PATH } }, (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout }),
    );
  });
  expect(code).toBe(1);
  expect(output).toMatch(/^ok 1 - assignor conformance of roundrobin$/m);
  expect(output).toMatch(/^not ok 2 - assignor conformance of forgetful$/m);
  expect(output).toMatch(/not ok \d+ - completeness: /);
  expect(output).toMatch(/ ok \d+ - exclusivity: /);
  expect(output).toContain("problems: ['t0:1 | m0{t0}']");
});
