/** A broker in another process: started, spoken to by its first line of output, ended by its id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The first line that a broker's process prints, as JSON. */
export interface BrokerLine {
  readonly bootstrap: readonly string[];
  readonly version?: string;
}

export interface BrokerProcess extends BrokerLine {
  stop(): Promise<void>;
}

/** Milliseconds. A first start downloads Kafka. */
const START_TIMEOUT = 300_000;
const STOP_TIMEOUT = 20_000;

/** @throws Error with the end of what the process has printed, when it ends or is silent instead */
export async function startBrokerProcess(
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<BrokerProcess> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  try {
    return { ...(await firstLine(child, signal)), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

function firstLine(child: ChildProcess, signal: AbortSignal): Promise<BrokerLine> {
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    const timer = setTimeout(() => reject(new Error('the broker did not start in time')), START_TIMEOUT);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      act();
    };
    const aborted = () => settle(() => reject(signal.reason));
    signal.addEventListener('abort', aborted, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text));
    child.on('error', (error) => settle(() => reject(error)));
    child.on('close', (code) =>
      settle(() => reject(new Error(log.join('').trim() || `the broker ended with ${code}`))),
    );
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).once('line', (line) =>
      settle(() => {
        try {
          resolve(brokerLine(JSON.parse(line)));
        } catch (error) {
          reject(error);
        }
      }),
    );
  });
}

function brokerLine(value: unknown): BrokerLine {
  const fields = new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const bootstrap = fields.get('bootstrap');
  const version = fields.get('version');
  if (!Array.isArray(bootstrap) || !bootstrap.every((address) => typeof address === 'string')) {
    throw new Error(`the broker's first line names no addresses: ${JSON.stringify(value)}`);
  }
  return { bootstrap, ...(typeof version === 'string' ? { version } : {}) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
}
