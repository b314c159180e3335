/**
 * The public types of every entry of every published package, as text to review: api-extractor's report of the
 * built declarations. Types that an entry shows without exporting them are in its report too, since a change of
 * theirs is a change for the caller.
 */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** @typedef {{ folder: string, name: string, declarations: string, report: string }} Entry `report`: below `api/` */

/** @param {string} root @returns {Promise<Entry[]>} */
export async function publishedEntries(root) {
  /** @type {Entry[]} */
  const entries = [];
  for (const directory of (await readdir(join(root, 'packages'))).sort()) {
    const folder = join(root, 'packages', directory);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (manifest.private === true) continue;
    for (const [subpath, target] of Object.entries(manifest.publishConfig.exports)) {
      if (typeof target === 'string') continue;
      const name = subpath === '.' ? 'index' : subpath.slice(2);
      const declarations = join(folder, target.import.types);
      entries.push({ folder, name: manifest.name, declarations, report: `${directory}/${name}.api.md` });
    }
  }
  return entries;
}

/** @param {string} root @param {readonly Entry[]} entries @param {string} temp */
function configurations(root, entries, temp) {
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  };
  const files = entries.map(({ declarations }) => declarations);
  return entries.map(({ folder, declarations, report }) =>
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: declarations,
        newlineKind: 'lf',
        compiler: { overrideTsconfig: { compilerOptions, files } },
        apiReport: {
          enabled: true,
          includeForgottenExports: true,
          reportFolder: temp,
          reportTempFolder: join(temp, 'again'),
          reportFileName: report.replaceAll('/', '-'),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          // What it says about documentation and release tags: everything exported is public here.
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    }),
  );
}

/** Writes the report of one entry. @param {ExtractorConfig} config @param {CompilerState} compilerState */
function problemsOf(config, compilerState) {
  /** @type {string[]} */
  const problems = [];
  try {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
        message.handled = true;
      },
    });
  } catch (error) {
    problems.push(String(error));
  }
  return problems;
}

/**
 * @param {string} root a repository whose declarations are built
 * @param {readonly Entry[]} entries
 * @returns {Promise<Map<string, string>>} text by `Entry.report`
 * @throws Error naming the entry whose declarations cannot be read
 */
export async function apiReports(root, entries) {
  const temp = await mkdtemp(join(tmpdir(), 'kohort-api-'));
  try {
    const configs = configurations(root, entries, temp);
    await mkdir(join(temp, 'again'));
    const [first] = configs;
    if (first === undefined) throw new Error(`no published package in ${root}`);
    const compilerState = CompilerState.create(first);
    /** @type {Map<string, string>} */
    const reports = new Map();
    for (const [i, config] of configs.entries()) {
      const report = entries[i]?.report ?? '';
      const problems = problemsOf(config, compilerState);
      if (problems.length > 0) throw new Error(`${report}: ${problems.join('\n')}`);
      reports.set(report, await readFile(join(temp, report.replaceAll('/', '-')), 'utf8'));
    }
    return reports;
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}
