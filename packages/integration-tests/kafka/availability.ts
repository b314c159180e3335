// Says whether real Kafka can be had on this machine, and if not, why.

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { kafkaDirectory } from './resolve.ts';
import { CURRENT_KAFKA } from './versions.ts';

const run = promisify(execFile);

/** Addresses in `KOHORT_BROKERS`, or undefined when the tests start their own brokers. */
export function foreignBrokers(env: NodeJS.ProcessEnv = process.env): readonly string[] | undefined {
  const text = env.KOHORT_BROKERS;
  if (text === undefined || text.trim() === '') return undefined;
  const addresses = text.split(',').map((address) => address.trim());
  const wrong = addresses.find((address) => !/^[^\s:]+:\d{1,5}$/.test(address));
  if (wrong !== undefined) throw new Error(`KOHORT_BROKERS: '${wrong}' is not host:port`);
  return addresses;
}

/**
 * Why brokers cannot be started here, or undefined when they can (or `KOHORT_BROKERS` names some).
 * @throws Error with the same reason when `CI=true`: continuous integration must not skip these tests.
 */
export async function kafkaAvailable(version: string = CURRENT_KAFKA): Promise<string | undefined> {
  if (foreignBrokers() !== undefined) return undefined;
  return demandedByCi((await javaMissing()) ?? (await jarsMissing(version)));
}

/** Like {@link kafkaAvailable} for Java clients, which need Java even when the brokers are foreign. */
export async function javaAvailable(version: string = CURRENT_KAFKA): Promise<string | undefined> {
  return demandedByCi((await javaMissing()) ?? (await jarsMissing(version)));
}

function demandedByCi(reason: string | undefined): string | undefined {
  if (reason !== undefined && process.env.CI === 'true') {
    throw new Error(`real Kafka is required when CI=true: ${reason}`);
  }
  return reason;
}

async function javaMissing(): Promise<string | undefined> {
  if (process.platform === 'win32') return 'the launcher needs a POSIX system';
  const found = await printed('javac', ['-version']);
  if (found === undefined) return 'no JDK: javac is not on the PATH (Java 17 or newer is needed)';
  const major = Number(/javac (\d+)/.exec(found)?.[1]);
  if (!(major >= 17)) return `Java 17 or newer is needed, found: ${found.trim()}`;
  return (await printed('java', ['-version'])) === undefined ? 'java is not on the PATH' : undefined;
}

async function jarsMissing(version: string): Promise<string | undefined> {
  const cached = await stat(kafkaDirectory(version)).then(
    () => true,
    () => false,
  );
  if (cached) return undefined;
  return (await printed('mvn', ['--version'])) === undefined
    ? `Maven is not on the PATH and Kafka ${version} is not in the cache`
    : undefined;
}

async function printed(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, [...args], { timeout: 30_000 });
    return `${stdout}${stderr}`;
  } catch {
    // A tool that cannot be run is what this module reports; the caller turns it into a reason.
    return undefined;
  }
}
