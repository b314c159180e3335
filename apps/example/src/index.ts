/** The demo's entry: command line, signals, exit code. */
import { HELP, parseCommandLine } from './cli.ts';
import { runDemo } from './run-demo.ts';

async function main(): Promise<number> {
  const parsed = parseCommandLine(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (parsed.kind === 'error') {
    process.stderr.write(`demo: ${parsed.message}\nTry --help.\n`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort()); // a second one ends the process, as usual
  }
  try {
    return await runDemo(parsed.run, process.stdout, stop.signal);
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main();
