/** Every gate but the tests, each in its turn; a failed gate does not hide the next one: `pnpm check`. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Scripts of the root package.json and what each of them proves. */
const GATES = [
  ['check:lint', 'format, lint, layer tables'],
  ['check:layers', 'layer rules beyond the linter'],
  ['check:types', 'strict types of sources and tests; pure folders without node'],
  ['check:dead-code', 'no unused file, export or dependency'],
  ['check:packages', 'tarballs: publint, attw, every entry loads as ESM and CJS'],
  ['check:api', 'public types are those of the reports in api/'],
  ['check:licences', 'what packages bring along has an accepted licence'],
  ['check:size', 'size of every entry'],
];

/**
 * @param {string} script
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function runScript(script) {
  return new Promise((resolve, reject) => {
    const child = spawn('pnpm', ['--silent', 'run', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8').trim() }),
    );
  });
}

let failed = 0;
for (const [script = '', purpose] of GATES) {
  const started = performance.now();
  const { ok, output } = await runScript(script);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${script.padEnd(16)} ${seconds.padStart(5)} s  ${purpose}`);
  const shown = ok ? output.split('\n').at(-1) : output;
  if (!ok || script === 'check:size') console.log(`       ${shown?.replaceAll('\n', '\n       ')}`);
}
console.log(failed === 0 ? 'all gates passed' : `${failed} of ${GATES.length} gates failed`);
process.exitCode = failed === 0 ? 0 : 1;
