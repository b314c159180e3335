/**
 * Records the demo as the picture of the README: `node scripts/record-demo.mjs [file]`. Runs it from the sources, as in a
 * terminal of 80 columns, and keeps a picture of every second and the audit.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Screen } from './record-demo/screen.mjs';
import { svgOf } from './record-demo/svg.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.argv[2] ?? join(root, 'docs/assets/demo.svg');

const COLUMNS = 80;
const ROWS = 26;
/** Milliseconds between two pictures, and for which the last one stays. */
const EVERY = 1000;
const HOLD = 7000;
const LIMIT = 90_000;

const TITLE =
  'The Kohort demo in a terminal: members join, one crashes, one is slow and leaves, one throws; then the audit of every record';

/** What makes a pipe look like a terminal to the demo. */
const terminal = `Object.assign(process.stdout,{isTTY:true,columns:${COLUMNS},rows:${ROWS},getColorDepth:()=>8})`;

/** @type {import('./record-demo/svg.mjs').Picture[]} */
const pictures = [];
let startedAt = 0;

const screen = new Screen(() => {
  const now = performance.now();
  if (pictures.length === 0) startedAt = now;
  const atMs = Math.round(now - startedAt);
  const last = pictures.at(-1);
  if (last === undefined || atMs - last.atMs >= EVERY) pictures.push({ atMs, lines: screen.lines(ROWS) });
});

const child = spawn(
  process.execPath,
  [
    '--conditions=@kohort/source',
    '--import',
    import.meta.resolve('tsx'),
    '--import',
    `data:text/javascript,${encodeURIComponent(terminal)}`,
    join(root, 'apps/example/src/index.ts'),
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: LIMIT },
);
child.stdout.setEncoding('utf8').on('data', (text) => screen.write(text));
child.on('close', (code) => {
  if (code !== 0) {
    console.error(`the demo ended with ${code}: no picture was written`);
    process.exitCode = 1;
    return;
  }
  pictures.push({ atMs: Math.round(performance.now() - startedAt), lines: screen.lines(ROWS) });
  const svg = svgOf(pictures, { columns: COLUMNS, rows: ROWS, holdMs: HOLD, title: TITLE });
  writeFileSync(out, svg);
  console.log(`${pictures.length} pictures, ${Math.round(svg.length / 1000)} kB: ${out}`);
});
