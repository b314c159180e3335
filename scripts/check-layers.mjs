/** Fails when a source file breaks a layer rule that the linter cannot express: `node scripts/check-layers.mjs`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { violationsOf } from './layer-rules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** @returns {string[]} paths of all TypeScript sources of the packages, relative to the root */
function sources() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'src'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => relative(root, file).split(sep).join('/'));
}

const files = sources();
let violations = 0;
for (const file of files) {
  for (const { line, rule, message } of violationsOf(file, readFileSync(join(root, file), 'utf8'))) {
    violations += 1;
    console.error(`${file}:${line} ${rule}: ${message}`);
  }
}
console.log(`layers: ${files.length} files, ${violations} violations`);
process.exitCode = violations === 0 && files.length > 0 ? 0 : 1;
