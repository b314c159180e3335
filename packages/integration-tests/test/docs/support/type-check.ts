/** Type-checks modules that exist in memory only, as if they lay in this package, with the options of the workspace. */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './repository.ts';

const FOLDER = join(ROOT, 'packages/integration-tests/test/docs');

/** Libraries that an example may use and that only one package has. */
const BORROWED: Readonly<Record<string, string>> = { 'prom-client': 'metrics', pino: 'metrics' };

/**
 * @param modules source text by name
 * @returns for each name the messages of the compiler, each with its line in the text
 */
export function typeErrors(modules: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const texts = new Map(Array.from(modules, ([name, text]) => [join(FOLDER, `${name}.ts`), { name, text }]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path)?.text ?? readFile(path);
  const program = ts.createProgram([...texts.keys()], options, host);
  const found = new Map<string, string[]>();
  for (const [path, { name }] of texts) {
    const source = program.getSourceFile(path);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    found.set(name, diagnostics.map(inWords));
  }
  return found;
}

export function compilerOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, dirname(path));
  const paths = Object.fromEntries(
    Object.entries(BORROWED).map(([name, owner]) => [name, [typesOf(name, owner, options)]]),
  );
  return { ...options, paths };
}

/** The declarations that a package gets when it imports a library of its own. */
function typesOf(name: string, owner: string, options: ts.CompilerOptions): string {
  const importer = join(ROOT, 'packages', owner, 'src/index.ts');
  const { resolvedModule } = ts.resolveModuleName(
    name,
    importer,
    options,
    ts.sys,
    undefined,
    undefined,
    ts.ModuleKind.ESNext,
  );
  if (!resolvedModule) throw new Error(`${name} is not installed in packages/${owner}`);
  return resolvedModule.resolvedFileName;
}

function inWords({ file, start, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (!file || start === undefined) return message;
  return `line ${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`;
}
