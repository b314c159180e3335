/** Starts `member-process.ts` and listens to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MemberLine } from './member-process.ts';

export class ChildMember {
  readonly lines: MemberLine[] = [];
  /** Exit code or signal, once the process has ended. */
  readonly ended: Promise<number | NodeJS.Signals>;
  errors = '';
  readonly #process: ChildProcess;

  constructor(address: string, groupId: string, topic: string, sessionTimeout: number) {
    const script = fileURLToPath(new URL('./member-process.ts', import.meta.url));
    const loader = createRequire(import.meta.url).resolve('tsx');
    this.#process = spawn(
      process.execPath,
      [
        '--conditions=@kohort/source',
        '--import',
        loader,
        script,
        address,
        groupId,
        topic,
        `${sessionTimeout}`,
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const { stdout, stderr } = this.#process;
    if (stdout === null || stderr === null) throw new Error('the output of a child is piped');
    createInterface({ input: stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    stderr.on('data', (text) => {
      this.errors += String(text);
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => resolve(signal ?? code ?? -1));
    });
  }

  /** Records told so far, as `partition offset`. */
  get records(): readonly string[] {
    return this.lines.flatMap((line) =>
      line.event === 'record' ? [`${line.partition} ${line.offset}`] : [],
    );
  }

  /** How many partitions the latest assignment brought; undefined before the first. */
  get assigned(): number | undefined {
    const last = this.lines.findLast((line) => line.event === 'assigned');
    return last?.event === 'assigned' ? last.partitions : undefined;
  }

  close(): void {
    this.#process.stdin?.write('close\n');
  }

  /** Nothing is said to anybody. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}
