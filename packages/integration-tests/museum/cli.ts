/** `pnpm simulate --museum`: all planted bugs, or some of them. */
import { USAGE, UsageError } from '../simulation/command/options.ts';
import { type MuseumOptions, parseMuseumOptions } from './options.ts';
import { runMuseum } from './run-museum.ts';

async function main(args: readonly string[]): Promise<number> {
  let options: MuseumOptions | null;
  try {
    options = parseMuseumOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (options !== null) return runMuseum(options);
  process.stdout.write(USAGE);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
