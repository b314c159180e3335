/** A process of ours: forked, ended by its id, and bounded in how long it may take to end. */
import { type ChildProcess, fork } from 'node:child_process';

export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #running = true;

  constructor(script: string, job: object, onEnd: () => void) {
    this.#process = fork(script, [JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#ended = new Promise((resolve) => {
      const end = () => {
        if (this.#running) onEnd();
        this.#running = false;
        resolve();
      };
      this.#process.once('exit', end);
      this.#process.once('error', end);
    });
  }

  get running(): boolean {
    return this.#running;
  }

  send(message: object): void {
    if (this.#running) this.#process.send(message);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#process.kill(signal);
  }

  /** Whether it ended in time; it has ended in any case. */
  async endWithin(ms: number): Promise<boolean> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.signal('SIGKILL');
    }, ms);
    await this.#ended;
    clearTimeout(timer);
    return !late;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }
}
