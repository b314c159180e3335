// Runs the Java client that uses every API once, in a given kafka-clients version.

import { join } from 'node:path';
import { JavaProcess } from '../java-process.ts';
import { compileJava } from '../java-program.ts';
import { resolveKafkaClients } from '../resolve.ts';
import { helperDirectory } from '../work-directory.ts';

const SESSION_TIMEOUT_MS = 90_000;

/** Returns one line per step: its name and `ok` or why it could not be done in this combination of versions. */
export async function javaSession(
  version: string,
  bootstrap: string,
  name: string,
  properties: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const process_ = await JavaProcess.start({
    classPath: await compileJava('clients', await resolveKafkaClients(version)),
    mainClass: 'CaptureClient',
    args: [bootstrap, name, ...Object.entries(properties).map(([key, value]) => `${key}=${value}`)],
    logFile: join(await helperDirectory(), 'CaptureClient.log'),
    talk: true,
  });
  let printed = '';
  process_.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const timer = setTimeout(() => process_.signal('SIGKILL'), SESSION_TIMEOUT_MS);
  const exit = await process_.ended;
  clearTimeout(timer);
  const lines = printed.trimEnd().split('\n');
  return exit === 0 ? lines : [...lines, `ended with ${exit}`];
}
