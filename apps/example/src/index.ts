/** The demo's entry: command line, signals, exit code. */
import { HELP, parseCommandLine } from './cli.ts';
import { SHOW_CURSOR } from './view/live-view.ts';

/** Exit code of a process that was interrupted, as shells have it. */
const INTERRUPTED = 130;

/** A second Ctrl+C waits for nothing. */
function endAtOnce(): never {
  if (process.stdout.isTTY) process.stdout.write(SHOW_CURSOR);
  process.exit(INTERRUPTED);
}

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
  process.stdout.on('error', () => stop.abort()); // nobody reads on, as behind `| head`: end, and clean up
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) endAtOnce();
      stop.abort();
    });
  }
  try {
    // Help and errors need not wait for Kafka's code.
    if (parsed.kind === 'ui') {
      const { runUi } = await import('./ui/run-ui.ts');
      return await runUi(parsed.run, process.stdout, stop.signal);
    }
    const { runDemo } = await import('./run-demo.ts');
    return await runDemo(parsed.run, process.stdout, stop.signal);
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main();
