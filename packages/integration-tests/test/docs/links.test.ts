// Links between pages lead somewhere, anchors included; every package has a README with an example.

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examplesOfPage, examplesOfSource } from './support/examples.ts';
import { entryFiles, markdownPages, ROOT, readText, workspaceFolders } from './support/repository.ts';

/** As they are made from headings on the usual hosts. */
function anchorsOf(text: string): ReadonlySet<string> {
  const outside = text.replace(/^```[\s\S]*?^```/gm, '');
  const headings = Array.from(outside.matchAll(/^#+ (.*)$/gm), ([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(page: string): readonly string[] {
  const text = readText(page).replace(/^```[\s\S]*?^```/gm, '');
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchorsOf(readText(file)).has(anchor);
  });
}

describe('documentation', () => {
  it.each(markdownPages())('links of %s lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(publishedPackages())('%s has a README with an example', (folder) => {
    const path = `${folder}/README.md`;
    expect(examplesOfPage(path, readText(path)).length).toBeGreaterThan(0);
  });
});

describe('entry files', () => {
  it.each(entryFiles())('%s opens with an example', (path) => {
    expect(readText(path).startsWith('/**')).toBe(true);
    expect(examplesOfSource(path, readText(path)).length).toBe(1);
  });
});

function publishedPackages(): readonly string[] {
  return workspaceFolders().filter(
    (folder) =>
      folder.startsWith('packages/') && !readText(`${folder}/package.json`).includes('"private": true'),
  );
}
