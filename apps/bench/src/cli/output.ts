/** Where results and progress go: results can be piped, progress cannot get in between. */

export interface Output {
  /** A result. */
  print(text: string): void;
  /** What happens meanwhile. */
  progress(line: string): void;
}

export const terminal: Output = {
  print: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
};
