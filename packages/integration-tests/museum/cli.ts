/** `pnpm run museum [--seeds N] [EXHIBIT...]`: all bugs, or some of them. */
import { parseArgs } from 'node:util';
import { runMuseum } from './run-museum.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seeds: { type: 'string' } } });
process.exitCode = await runMuseum({
  ...(positionals.length > 0 ? { exhibits: positionals } : {}),
  ...(values.seeds === undefined ? {} : { seeds: Number(values.seeds) }),
});
