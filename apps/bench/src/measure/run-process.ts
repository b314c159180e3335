/** Starts the process of one run, waits for its measurement, and makes sure that it is gone. */
import { type ChildProcess, fork } from 'node:child_process';
import type { ConsumeJob } from '../clients/client.ts';
import { CONSUMER_PROCESS } from '../locations.ts';
import { isProcessMessage } from './messages.ts';
import type { Measurement } from './meter.ts';

export interface RunProcessOptions {
  /** Ends the process. */
  readonly signal: AbortSignal;
  /** Folder for a CPU profile. */
  readonly cpuProf?: string;
}

/** What the process gets on top of its own deadline before it is killed. */
const GRACE_MS = 10_000;

/** @throws Error when the client failed, took too long, or its process died */
export async function runProcess(job: ConsumeJob, options: RunProcessOptions): Promise<Measurement> {
  const { signal, cpuProf } = options;
  signal.throwIfAborted();
  const child = fork(CONSUMER_PROCESS, [JSON.stringify(job)], {
    execArgv: cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = () => void child.kill('SIGKILL');
  const timer = setTimeout(kill, job.timeoutMs + GRACE_MS);
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await outcomeOf(child);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

/** The end of the process, with what it has said before. */
function outcomeOf(child: ChildProcess): Promise<Measurement> {
  const log: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text));
  return new Promise((resolve, reject) => {
    let measurement: Measurement | undefined;
    let failure: string | undefined;
    child.on('message', (message) => {
      if (!isProcessMessage(message)) return;
      if (message.kind === 'measured') measurement = message.measurement;
      else failure = message.message;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (measurement) resolve(measurement);
      else {
        const end = failure ?? `the process ended with ${signal ?? code}`;
        reject(new Error(`${end}\n${log.join('').slice(-2000)}`.trim()));
      }
    });
  });
}
