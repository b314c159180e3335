/** Every exhibit of the museum still fits the sources, and the changed file still compiles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { EXHIBITS } from '../../museum/all-exhibits.ts';
import { PACKAGES } from '../../museum/build-player.ts';
import { withBug } from '../../museum/exhibit.ts';
import { compilerOptions } from '../docs/support/type-check.ts';

const texts = new Map<string, string>();
const options = { ...compilerOptions(), noUnusedLocals: false, noUnusedParameters: false };
const host = ts.createCompilerHost(options);
const { readFile, getSourceFile } = host;
/** Files that have no bug in them are read and parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>();
host.readFile = (path) => texts.get(path) ?? readFile(path);
host.getSourceFile = (path, language) => {
  const text = texts.get(path);
  if (text !== undefined) return ts.createSourceFile(path, text, language, true);
  if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, language));
  return parsed.get(path);
};

function errorsWith(path: string, text: string): readonly string[] {
  texts.clear();
  texts.set(path, text);
  const program = ts.createProgram([path], options, host);
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

describe('exhibits of the museum', () => {
  it.each(EXHIBITS.map((exhibit) => [exhibit.id, exhibit] as const))('%s fits and compiles', (_, exhibit) => {
    const path = join(PACKAGES, exhibit.change.file);
    const text = withBug(exhibit, readFileSync(path, 'utf8'));
    expect(errorsWith(path, text)).toEqual([]);
  });

  it('are at least thirty, each with a name of its own', () => {
    expect(new Set(EXHIBITS.map(({ id }) => id)).size).toBe(EXHIBITS.length);
    expect(EXHIBITS.length).toBeGreaterThanOrEqual(30);
  });

  it('fail by name where the source has changed', () => {
    const [exhibit] = EXHIBITS;
    if (!exhibit) throw new Error('the museum is empty');
    const { find } = exhibit.change;
    expect(() => withBug(exhibit, '')).toThrow(`Exhibit ${exhibit.id} does not fit any more`);
    expect(() => withBug(exhibit, `${find}${find}`)).toThrow('2 times');
  });
});
