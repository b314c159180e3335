// One JVM as a child process: guarded by the watchdog, its output in a log file, stopped by its process id.

import { type ChildProcess, spawn } from 'node:child_process';
import { close, openSync } from 'node:fs';
import { guardProcess, releaseProcess } from './watchdog.ts';

export interface JavaProcessOptions {
  readonly classPath: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  readonly jvmArgs?: readonly string[];
  /** Standard error goes here (appended); standard output too unless `talk` is set. */
  readonly logFile: string;
  /** Pipes standard input and output to the caller instead of closing input and logging output. */
  readonly talk?: boolean;
}

const JAVA = 'java';

/** Flags that shorten a JVM's start; right for tests, wrong for measuring throughput. */
export const QUICK_JVM: readonly string[] = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-XX:-UsePerfData',
];

// Kafka prints all its settings at start, twice; the rest of its INFO lines explain failures.
const QUIET_LOGGING: readonly string[] = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.admin.AdminClientConfig=error',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.consumer.ConsumerConfig=error',
  '-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.producer.ProducerConfig=error',
];

const running = new Set<number>();

/** Process ids of the JVMs that this process started and that have not ended. */
export function runningJavaProcesses(): readonly number[] {
  return [...running];
}

export class JavaProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Settles (never rejects) with the exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  #exit: number | NodeJS.Signals | undefined;

  private constructor(child: ChildProcess, pid: number) {
    this.child = child;
    this.pid = pid;
    running.add(pid);
    guardProcess(pid);
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(pid);
        releaseProcess(pid);
        this.#exit = code ?? signal ?? -1;
        resolve(this.#exit);
      });
    });
  }

  /** @throws Error when `java` cannot be run. */
  static async start(options: JavaProcessOptions): Promise<JavaProcess> {
    const log = openSync(options.logFile, 'a');
    const child = spawn(
      JAVA,
      [
        ...(options.jvmArgs ?? QUICK_JVM),
        ...QUIET_LOGGING,
        '-cp',
        options.classPath,
        options.mainClass,
        ...options.args,
      ],
      { stdio: options.talk === true ? ['pipe', 'pipe', log] : ['ignore', log, log] },
    );
    // Registered at once: a process that is being awaited must already be guarded.
    const started = child.pid === undefined ? undefined : new JavaProcess(child, child.pid);
    close(log);
    if (started !== undefined) return started;
    return new Promise((_, reject) => child.once('error', reject));
  }

  /** Exit code or signal, undefined while it runs. */
  get exit(): number | NodeJS.Signals | undefined {
    return this.#exit;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.child.kill(signal);
  }

  /** Sends SIGTERM, and SIGKILL if the process has not ended after `graceMs`. */
  async terminate(graceMs: number): Promise<void> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}
