/** Three brokers of real Kafka, in another process that stops and starts them on demand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { KAFKA_SCRIPT } from '../../locations.ts';

export type BrokerAction = 'kill' | 'stop' | 'restart';

/** Milliseconds. A first start downloads Kafka. */
const START_MS = 300_000;
const ACTION_MS = 90_000;
const STOP_MS = 20_000;

/** Kafka's own defaults, where the launcher has shorter ones for tests. */
const CONFIG = ['broker.session.timeout.ms=9000', 'broker.heartbeat.interval.ms=2000'];

type Line = Readonly<Record<string, unknown>>;

export class Cluster {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<string, (answer: Line) => void>();
  readonly #down = new Set<number>();
  #bootstrap: readonly string[] = [];
  #version = '';
  #log = '';

  private constructor(signal: AbortSignal) {
    const args = ['--brokers', '3', '--control', ...CONFIG.flatMap((setting) => ['--config', setting])];
    // Not in the terminal's group: Ctrl+C must not stop the brokers before the members.
    this.#child = spawn(process.execPath, [KAFKA_SCRIPT, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const { stdout, stderr } = this.#child;
    stderr?.on('data', (text) => {
      this.#log += String(text);
    });
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#heard(JSON.parse(line)));
    const over = (reason: string) => () => this.#fail(reason);
    this.#child.once('error', over('it cannot be run'));
    this.#child.once('exit', over('it has ended'));
    signal.addEventListener('abort', over('interrupted'), { once: true });
  }

  /** @throws Error with what the launcher has printed, when it ends or takes too long */
  static async start(signal: AbortSignal): Promise<Cluster> {
    signal.throwIfAborted();
    const cluster = new Cluster(signal);
    try {
      const { bootstrap, version } = await cluster.#answer('', START_MS);
      if (!Array.isArray(bootstrap)) throw new Error('Kafka: its first line names no addresses');
      cluster.#bootstrap = bootstrap.map(String);
      cluster.#version = String(version);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get bootstrap(): readonly string[] {
    return this.#bootstrap;
  }

  get version(): string {
    return this.#version;
  }

  /** Node ids. */
  get brokers(): readonly number[] {
    return this.bootstrap.map((_, index) => index + 1);
  }

  /** Resolves when it has been done: a broker that is restarted serves. */
  async act(action: BrokerAction, broker: number): Promise<void> {
    const command = `${action} ${broker}`;
    this.#down.add(broker);
    const answer = this.#answer(command, ACTION_MS);
    this.#child.stdin?.write(`${command}\n`);
    const { reason } = await answer;
    if (typeof reason === 'string') throw new Error(`${command}: ${reason}`);
    if (action === 'restart') this.#down.delete(broker);
  }

  /** Starts the brokers that are down, all at once, since they need each other. */
  async repair(): Promise<void> {
    await Promise.all([...this.#down].map((broker) => this.act('restart', broker)));
  }

  #answer(command: string, ms: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#heard({ failed: command, error: 'it takes too long' }), ms);
      this.#waiting.set(command, (answer) => {
        clearTimeout(timer);
        if (typeof answer.error === 'string') reject(new Error(`Kafka: ${answer.error} ${this.#log}`.trim()));
        else resolve(answer);
      });
    });
  }

  #heard(answer: Line): void {
    const command = String(answer.done ?? answer.failed ?? '');
    const heard = this.#waiting.get(command);
    this.#waiting.delete(command);
    heard?.(answer);
  }

  #fail(error: string): void {
    for (const command of [...this.#waiting.keys()]) this.#heard({ failed: command, error });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    this.#child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }
}
