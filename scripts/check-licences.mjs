/**
 * What the published packages bring along has a licence that is accepted, and is in the table of
 * `docs/internals/publishing.md`: `pnpm check:licences`, and with `--update` it writes the table.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableAgrees, writeTable } from './release/generated-table.mjs';
import { licenceProblems, licenceTable, licensedPackages } from './release/licence-report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs/internals/publishing.md');

const packages = await licensedPackages(root);
const problems = licenceProblems(packages);
if (process.argv.includes('--update')) await writeTable(page, 'licences', licenceTable(packages));
else if (!(await tableAgrees(page, 'licences', licenceTable(packages)))) {
  problems.push('docs/internals/publishing.md has another table: npx -y pnpm@10 check:licences --update');
}
for (const problem of problems) console.log(problem);
if (problems.length === 0) console.log(`${packages.length} packages, all with an accepted licence`);
process.exitCode = problems.length === 0 ? 0 : 1;
