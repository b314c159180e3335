/** The entry of `pnpm bench`. An interrupt ends what was started, and then this process. */
import { main } from './cli/main.ts';
import { terminal } from './cli/output.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));
}
process.exitCode = await main(process.argv.slice(2), terminal, interrupted.signal);
