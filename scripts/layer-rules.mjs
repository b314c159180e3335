/**
 * The layer rules that the linter cannot express, as functions over one source file. The import tables and
 * the forbidden globals are in `biome.json` and `packages/X/biome.json`; `check-layers.mjs` runs this file.
 */
import ts from 'typescript';

/** The layer folders of core, top to bottom. Each needs an import list in `packages/core/biome.json`. */
export const CORE_FOLDERS = [
  'config',
  'consume',
  'commit',
  'runtime',
  'membership',
  'assignment',
  'cluster',
  'wire',
  'contracts',
  'errors',
];

/** Folders of core in which a call answers at once: no promise, no time, no chance. */
const PURE_FOLDERS = ['membership', 'assignment', 'wire'];

/** The one file of core that touches real time and real chance. */
const SYSTEM_CLOCK = 'packages/core/src/runtime/system-clock.ts';

/** Packages that get time and chance from outside, so that a simulation replays them. */
const DETERMINISTIC = ['core', 'protocol', 'assignors', 'broker-embedded'];

/** Ways to real time and real chance that are members of an object, which a list of globals misses. */
const REAL_MEMBERS = new Map([
  ['Math', ['random']],
  ['AbortSignal', ['timeout']],
  ['process', ['hrtime', 'uptime']],
  ['crypto', ['getRandomValues', 'randomUUID']],
  ['globalThis', ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'Math', 'crypto']],
]);

/**
 * What one file breaks.
 * @param {string} path relative to the repository, with forward slashes
 * @param {string} text
 * @returns {{ line: number, rule: string, message: string }[]}
 */
export function violationsOf(path, text) {
  const [, pkg, folder] = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?/.exec(path) ?? [];
  if (pkg === undefined) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  /** @type {{ line: number, rule: string, message: string }[]} */
  const found = [];
  /** @type {(node: ts.Node, rule: string, message: string) => void} */
  const report = (node, rule, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push({ line: line + 1, rule, message });
  };
  if (pkg === 'core' && folder !== undefined && !CORE_FOLDERS.includes(folder)) {
    report(source, 'known-folder', `core has no layer "${folder}": give it a place in the table first`);
  }
  const deterministic = DETERMINISTIC.includes(pkg) && path !== SYSTEM_CLOCK;
  const pure = pkg === 'core' && folder !== undefined && PURE_FOLDERS.includes(folder);
  /** @type {(node: ts.Node) => void} */
  const visit = (node) => {
    if (deterministic) checkRealMember(node, report);
    if (pure) checkSynchronous(node, report);
    if (ts.isImportTypeNode(node))
      report(node, 'import-type', 'an import in a type hides from the lint: use import type');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * @param {ts.Node} node
 * @param {(node: ts.Node, rule: string, message: string) => void} report
 */
function checkRealMember(node, report) {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return;
  if (REAL_MEMBERS.get(node.expression.text)?.includes(node.name.text)) {
    report(node, 'real-member', `${node.expression.text}.${node.name.text} belongs into ${SYSTEM_CLOCK}`);
  }
}

/**
 * @param {ts.Node} node
 * @param {(node: ts.Node, rule: string, message: string) => void} report
 */
function checkSynchronous(node, report) {
  const asynchronous =
    node.kind === ts.SyntaxKind.AsyncKeyword ||
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) ||
    (ts.isPropertyAccessExpression(node) && node.name.text === 'then') ||
    (ts.isTypeReferenceNode(node) && /^(Promise|PromiseLike|Awaited)$/.test(node.typeName.getText()));
  if (asynchronous) report(node, 'synchronous', 'a pure folder answers at once: no promise, no await');
}
