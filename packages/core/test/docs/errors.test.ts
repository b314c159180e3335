// docs/errors.md has a section for each code and each kind, and docs/failure-tables.md is what the error tables say.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ErrorCode, TERMINAL_CODES, type TerminalClass } from '../../src/errors/error-codes.ts';
import type { TransportErrorKind } from '../../src/errors/transport-error.ts';
import { failureTablesPage } from './failure-tables.ts';
import { rowsUnder } from './page.ts';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** Complete by its type. */
const KINDS: Readonly<Record<TransportErrorKind, true>> = {
  connect: true,
  dns: true,
  tls: true,
  auth: true,
  timeout: true,
  aborted: true,
  laneClosed: true,
  unsupportedVersion: true,
  encode: true,
  decode: true,
  codecMissing: true,
  closed: true,
};

describe('docs/errors.md', () => {
  it('has one section for each code, in the order of the list', () => {
    const headings = Array.from(page.matchAll(/^### (KOHORT_[A-Z_]+)$/gm), ([, code]) => code);
    expect(headings).toEqual(Object.values(ErrorCode));
  });

  it('says of each code when it comes and what to do', () => {
    for (const section of page.split(/^### /m).slice(1)) {
      expect(section.split('## ')[0]).toMatch(/^KOHORT_[A-Z_]+\n\n\*\*When:\*\* .*\n\*\*Do:\*\* /);
    }
  });

  it('has every terminal class with its code', () => {
    const inPage = rowsUnder(page, 'How a group ends').map(([name = '', code = '']) => [
      name.replaceAll('`', ''),
      /`(\w+)`/.exec(code)?.[1],
    ]);
    expect(Object.fromEntries(inPage)).toEqual(TERMINAL_CODES);
    const marked = page.match(/\*\*When:\*\* terminal/g)?.length;
    expect(marked).toBe(Object.keys(TERMINAL_CODES satisfies Record<TerminalClass, ErrorCode>).length);
  });

  it('has every kind of transport error', () => {
    const kinds = rowsUnder(page, 'Kinds of transport errors').map(([kind]) => kind?.replaceAll('`', ''));
    expect([...kinds].sort()).toEqual(Object.keys(KINDS).sort());
  });
});

describe('docs/failure-tables.md', () => {
  it('is what the error tables say', async () => {
    await expect(failureTablesPage()).toMatchFileSnapshot('../../../../docs/failure-tables.md');
  });
});
