// Starts a Kafka cluster by hand and keeps it until Ctrl+C: for the demo, benchmarks and looking around.

import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { kafkaAvailable } from './availability.ts';
import { startKafka } from './cluster.ts';
import { obeyCommands } from './control.ts';
import { CURRENT_KAFKA } from './versions.ts';

const HELP = `Usage: node scripts/kafka.mjs [options]

Starts Apache Kafka on free loopback ports (Java 17 and Maven needed) and stops it on Ctrl+C.
The first line printed is JSON: {"bootstrap":["127.0.0.1:…"],"version":"…"}.

  --version X.Y.Z        Kafka release (default ${CURRENT_KAFKA})
  --brokers 1|3          number of brokers (default 1)
  --security KIND        plaintext (default), sasl-plain, ssl or sasl-ssl
  --throughput           let the JVM optimise: slower start, for benchmarks
  --config KEY=VALUE     broker setting, repeatable
  --control              read commands from standard input, one a line: kill N, stop N, restart N (node ids
                         start at 1); each is answered by {"done":"kill 1"} or {"failed":"kill 1","reason":"…"};
                         the end of standard input stops the cluster, too
`;

const SECURITY = ['plaintext', 'sasl-plain', 'ssl', 'sasl-ssl'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      version: { type: 'string', default: CURRENT_KAFKA },
      brokers: { type: 'string', default: '1' },
      security: { type: 'string', default: 'plaintext' },
      throughput: { type: 'boolean', default: false },
      config: { type: 'string', multiple: true, default: [] },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const security = SECURITY.find((kind) => kind === values.security);
  if (security === undefined) throw new Error(`--security must be one of ${SECURITY.join(', ')}`);
  if (values.brokers !== '1' && values.brokers !== '3') throw new Error('--brokers must be 1 or 3');
  const missing = await kafkaAvailable(values.version);
  if (missing !== undefined) throw new Error(missing);
  const cluster = await startKafka({
    version: values.version,
    brokers: values.brokers === '3' ? 3 : 1,
    security,
    jvm: values.throughput ? 'throughput' : 'quick',
    config: Object.fromEntries(values.config.map(setting)),
  });
  const pids = cluster.brokers.map(({ pid }) => pid);
  process.stdout.write(
    `${JSON.stringify({ bootstrap: cluster.bootstrap, version: cluster.version, pids })}\n`,
  );
  if (cluster.trust !== undefined) process.stdout.write(cluster.trust.ca);
  // A pending promise alone does not keep Node alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race([signalled(), ...(values.control ? [obeyCommands(cluster.brokers)] : [])]);
  clearInterval(alive);
  await cluster.stop();
}

function setting(text: string): [key: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--config needs KEY=VALUE, got '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function signalled(): Promise<unknown> {
  return Promise.race((['SIGINT', 'SIGTERM'] as const).map((signal) => once(process, signal)));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  // Whoever gave commands may go on holding the other end.
  process.stdin.destroy();
}
