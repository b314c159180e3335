/** Runs the command in a folder of its own, with answers in place of a terminal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../src/main.ts';

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

const manifest: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'kohort-create-'));
  out = '';
  err = '';
  readonly questions: string[] = [];

  /** @param answers in order; then the input ends */
  run(args: readonly string[], answers: readonly string[] = []): Promise<number> {
    const left = [...answers];
    return main(args, {
      folder: this.folder,
      templates: TEMPLATES,
      ranges: manifest.devDependencies,
      ask: async (question) => {
        this.questions.push(question);
        return left.shift() ?? null;
      },
      print: (text) => {
        this.out += text;
      },
      complain: (text) => {
        this.err += text;
      },
    });
  }

  /** Everything in the folder, whatever it is. */
  list(): readonly string[] {
    return readdirSync(this.folder, { recursive: true }).map(String).sort();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
