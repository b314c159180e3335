/** The command: chooses, writes, and says what to do next. */
import { join } from 'node:path';
import { type Ask, choose } from './choose.ts';
import type { Ranges } from './manifest.ts';
import { folderOf } from './package-name.ts';
import { readArguments, USAGE } from './read-arguments.ts';
import { filesOf } from './template.ts';
import { UserError } from './user-error.ts';
import { writePackage } from './write-package.ts';

export interface Surroundings {
  readonly folder: string;
  readonly templates: string;
  readonly ranges: Ranges;
  readonly ask: Ask;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Answers with the exit code. @throws what the user cannot mend */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { folder, templates, ranges, ask, print, complain } = surroundings;
  try {
    const given = readArguments(args);
    if (given.help) {
      print(USAGE);
      return 0;
    }
    const choice = await choose(given, ask);
    const own = folderOf(choice.name);
    const files = filesOf(choice, templates, ranges);
    writePackage(join(folder, own), files);
    print(`${choice.name} (${choice.kind.name}) is in ${own}: ${files.length} files. Next:\n\n`);
    print(`  cd ${own}\n  npm install\n  npm test\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    complain(`create-kohort-plugin: ${error.message}\n`);
    return 1;
  }
}
