/** The service's entry: environment in, exit code out. */
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { runService } from './service.ts';

/** @returns the exit code: 0 after a signal, 1 when the group ended for good, 2 for a wrong environment */
async function main(): Promise<number> {
  try {
    const config = readConfig(process.env);
    const log = createLogger(config);
    try {
      await runService(config, log);
      return 0;
    } catch (error) {
      log.fatal({ err: error }, 'ended');
      return 1;
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = await main();
