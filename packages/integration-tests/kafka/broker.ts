// One broker of a test cluster: a JVM with its own data directory that can be stopped, killed, frozen and
// started again on the same ports with the same data.

import { setTimeout as delay } from 'node:timers/promises';
import { JavaProcess, type JavaProcessOptions } from './java-process.ts';
import { logTail } from './log-tail.ts';
import { type ProbeAddress, type ProbeTls, probeApiVersions, probeMetadata } from './wire-probe.ts';

/** How a test handles one broker. On a foreign cluster every action rejects. */
export interface KafkaBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** Process id, undefined while the broker is down or when it is foreign. */
  readonly pid: number | undefined;
  /** Controlled shutdown (leaders and coordinators move first); killed when that takes over 20 seconds. */
  stop(): Promise<void>;
  /** `kill -9`: sockets break, nothing moves before the controller notices. */
  kill(): Promise<void>;
  /** Freezes the process: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Stops the broker if it runs, starts it on the same ports and data, waits until it serves. */
  restart(): Promise<void>;
}

export interface OwnBrokerOptions {
  readonly id: number;
  readonly port: number;
  readonly internalPort: number;
  /** For a client listener that speaks TLS. */
  readonly tls?: ProbeTls;
  readonly brokerCount: number;
  readonly jvm: Pick<JavaProcessOptions, 'classPath' | 'jvmArgs'>;
  readonly propertiesFile: string;
  readonly logFile: string;
  readonly readyTimeoutMs: number;
}

const STOP_GRACE_MS = 20_000;
const PROBE_TIMEOUT_MS = 2_000;
const PROBE_INTERVAL_MS = 50;

export class OwnBroker implements KafkaBroker {
  readonly id: number;
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #options: OwnBrokerOptions;
  #process: JavaProcess | undefined;

  constructor(options: OwnBrokerOptions) {
    this.id = options.id;
    this.port = options.port;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.exit === undefined ? this.#process?.pid : undefined;
  }

  /** Starts the JVM without waiting until it serves. */
  async launch(): Promise<void> {
    const { jvm, propertiesFile, logFile } = this.#options;
    this.#process = await JavaProcess.start({
      ...jvm,
      mainClass: 'kafka.Kafka',
      args: [propertiesFile],
      logFile,
    });
  }

  /**
   * Waits until the client listener answers ApiVersions and, with `quorum`, until this broker knows all the
   * brokers of the cluster and a controller.
   * @throws Error with the end of the broker's log when the process ends or the time is over.
   */
  async ready(needs: 'itself' | 'quorum'): Promise<void> {
    const { readyTimeoutMs, brokerCount } = this.#options;
    const deadline = performance.now() + readyTimeoutMs;
    let last = 'not asked yet';
    while (performance.now() < deadline && this.pid !== undefined) {
      try {
        await probeApiVersions(this.#client(), PROBE_TIMEOUT_MS);
        const seen = await probeMetadata(this.internal(), PROBE_TIMEOUT_MS);
        const wanted = needs === 'quorum' ? brokerCount : 1;
        if (seen.brokers.includes(this.id) && seen.brokers.length >= wanted && seen.controller >= 0) return;
        last = `sees brokers [${seen.brokers.join(', ')}] and controller ${seen.controller}`;
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
      }
      await delay(PROBE_INTERVAL_MS);
    }
    const exit = this.#process?.exit;
    const what = exit === undefined ? `not ready after ${readyTimeoutMs} ms (${last})` : `ended with ${exit}`;
    throw new Error(
      `Kafka broker ${this.id} ${what}; its log ends:\n${await logTail(this.#options.logFile)}`,
    );
  }

  async stop(): Promise<void> {
    if (this.pid === undefined) return;
    // A frozen process would not see the request to stop.
    this.resume();
    await this.#process?.terminate(STOP_GRACE_MS);
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  pause(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
    await this.ready('itself');
  }

  /** The plain listener of the brokers themselves, where no user name is asked for. */
  internal(): ProbeAddress {
    return { host: this.host, port: this.#options.internalPort };
  }

  #client(): ProbeAddress {
    const { tls } = this.#options;
    return { host: this.host, port: this.port, ...(tls === undefined ? {} : { tls }) };
  }
}
