/** Reads a log that another process is writing. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export class LogTail {
  readonly #path: string;
  #read = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Whole lines that have come since the last call. */
  lines(): readonly string[] {
    const file = openSync(this.#path, 'a+');
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - this.#read);
      this.#read += readSync(file, bytes, 0, bytes.length, this.#read);
      const lines = (this.#rest + bytes.toString('latin1')).split('\n');
      this.#rest = lines.pop() ?? '';
      return lines;
    } finally {
      closeSync(file);
    }
  }
}
