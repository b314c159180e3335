/** The files of a new package: templates are read, and the names in them replaced. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Choice } from './choose.ts';
import { manifestOf, type Ranges } from './manifest.ts';
import { identifierOf } from './package-name.ts';

export interface NewFile {
  /** Relative to the package, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** @param templates the folder of the templates: `common`, and one for each kind */
export function filesOf(choice: Choice, templates: string, ranges: Ranges): readonly NewFile[] {
  const rename = replacer(choice.name);
  const files = ['common', choice.kind.name].flatMap((folder) =>
    readdirSync(join(templates, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({
        path: nameOf(relative(join(templates, folder), file)),
        text: rename(readFileSync(file, 'utf8')),
      })),
  );
  return [{ path: 'package.json', text: manifestOf(choice, ranges) }, ...files];
}

/** Names that tools or npm would act on in the templates begin with an underscore there. */
function nameOf(path: string): string {
  return path
    .split(sep)
    .map((part) => part.replace(/^_/, ''))
    .join('/');
}

/** Templates are code that runs, so its names are plain ones: those of `kohort-plugin-example`. */
function replacer(name: string): (text: string) => string {
  const identifier = identifierOf(name);
  const type = `${identifier[0]?.toUpperCase()}${identifier.slice(1)}`;
  return (text) =>
    text
      .replaceAll('kohort-plugin-example', name)
      .replaceAll('examplePlugin', identifier)
      .replaceAll('ExamplePlugin', type);
}
