// A Java helper that talks in JSON lines: its output is read line by line, its input takes commands.

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { JavaProcess } from './java-process.ts';
import { compileJava, type JavaProgram } from './java-program.ts';
import { logTail } from './log-tail.ts';
import type { ResolvedJars } from './resolve.ts';
import { helperDirectory } from './work-directory.ts';

export interface JavaLinesOptions {
  readonly program: JavaProgram;
  readonly mainClass: string;
  readonly jars: ResolvedJars;
  readonly args: readonly string[];
  readonly onLine: (value: unknown) => void;
}

let helpers = 0;

export class JavaLines {
  readonly process: JavaProcess;
  readonly logFile: string;
  /** Settles when the process has ended and its last line has been delivered. */
  readonly finished: Promise<number | NodeJS.Signals>;

  private constructor(process: JavaProcess, logFile: string, onLine: (value: unknown) => void) {
    this.process = process;
    this.logFile = logFile;
    const { stdout } = process.child;
    if (stdout === null) throw new Error('a helper that talks needs its standard output');
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => onLine(JSON.parse(line)));
    const read = new Promise((resolve) => lines.once('close', resolve));
    this.finished = Promise.all([process.ended, read]).then(([exit]) => exit);
  }

  static async start({ program, mainClass, jars, args, onLine }: JavaLinesOptions): Promise<JavaLines> {
    const classPath = await compileJava(program, jars);
    helpers += 1;
    const logFile = join(await helperDirectory(), `${mainClass}-${helpers}.log`);
    return new JavaLines(
      await JavaProcess.start({ classPath, mainClass, args, logFile, talk: true }),
      logFile,
      onLine,
    );
  }

  /** Writes one line to the helper; nothing happens when it has ended. */
  say(line: string): void {
    if (this.process.exit === undefined) this.process.child.stdin?.write(`${line}\n`);
  }

  /** End of what the helper logged to standard error. */
  log(): Promise<string> {
    return logTail(this.logFile);
  }
}
