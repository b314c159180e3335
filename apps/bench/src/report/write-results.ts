/** Writes a report beside its earlier ones. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RESULTS_FOLDER } from '../locations.ts';

/** Writes `<name>.json` and `<name>.md`. */
export async function writeResults(name: string, figures: object, tables: string): Promise<void> {
  await mkdir(RESULTS_FOLDER, { recursive: true });
  await writeFile(join(RESULTS_FOLDER, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  await writeFile(join(RESULTS_FOLDER, `${name}.md`), tables);
}
