// Runs a command-line tool (Maven, javac, keytool) to its end, with a time limit and with its output
// in the error, so that a failing set-up step explains itself.

import { execFile } from 'node:child_process';

export interface ToolOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
}

/**
 * Runs `command args` and returns what it printed on stdout.
 * @throws Error with the command line, the exit code and the last 4,000 characters it printed.
 */
export function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      {
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const why =
          error.killed === true ? `stopped after ${options.timeoutMs} ms` : error.message.split('\n')[0];
        const printed = `${stdout}\n${stderr}`.trim().slice(-4000);
        reject(new Error(`${command} ${args[0] ?? ''} failed: ${why}\n${printed}`));
      },
    );
  });
}
