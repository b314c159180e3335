// docs/observability.md has every event with all of its fields, and marks those that nothing tells.

import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { rowsUnder } from './page.ts';

const SOURCES = new URL('../../src/', import.meta.url);
const page = readFileSync(new URL('../../../../docs/observability.md', import.meta.url), 'utf8');
const contract = ts.createSourceFile(
  'hooks.ts',
  readFileSync(new URL('contracts/hooks.ts', SOURCES), 'utf8'),
  ts.ScriptTarget.ES2023,
  true,
);

function interfaceOf(name: string): ts.InterfaceDeclaration {
  const found = contract.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (!found) throw new Error(`hooks.ts has no interface ${name}`);
  return found;
}

function propertiesOf(members: ts.NodeArray<ts.TypeElement>): readonly ts.PropertySignature[] {
  return members.filter((member) => ts.isPropertySignature(member));
}

const nameOf = (property: ts.PropertySignature) => property.name.getText().replaceAll("'", '');

/** Fields as the table words them: those that events share by their words. */
function fieldsOf(type: ts.TypeNode | undefined): readonly string[] {
  if (!type) return [];
  if (ts.isTypeLiteralNode(type)) return propertiesOf(type.members).map((field) => `\`${nameOf(field)}\``);
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(fieldsOf);
  return [{ Outcome: 'outcome', TopicPartition: 'where' }[type.getText()] ?? type.getText()];
}

const events = propertiesOf(interfaceOf('EventFields').members).map((event) => ({
  name: nameOf(event),
  fields: fieldsOf(event.type),
}));
const rows = rowsUnder(page.slice(page.indexOf('"outcome" stands')).replace(/^/, '# T\n'), 'T').map(
  ([event = '', fields = '']) => ({
    name: event.replace(/[`†\s]/g, ''),
    isMarked: event.includes('†'),
    fields: fields.split(', '),
  }),
);

/** Names that some source file hands to a notifier. */
function told(): ReadonlySet<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const texts = files.map((path) => readFileSync(new URL(path, SOURCES), 'utf8'));
  const calls = texts.flatMap((text) => [...text.matchAll(/(?:emit|say)\(\s*(?:d, )?'([a-z.]+)'/gi)]);
  return new Set(calls.map(([, name = '']) => name));
}

describe('docs/observability.md', () => {
  it('has every event, in the order of the contract', () => {
    expect(rows.map(({ name }) => name)).toEqual(events.map(({ name }) => name));
  });

  it.each(events)('$name has its fields', ({ name, fields }) => {
    expect(rows.find((row) => row.name === name)?.fields).toEqual(fields);
  });

  it('marks with † what nothing tells yet, and nothing else', () => {
    const names = told();
    const untold = events.filter(({ name }) => !names.has(name)).map(({ name }) => name);
    expect(rows.filter(({ isMarked }) => isMarked).map(({ name }) => name)).toEqual(untold);
  });

  it('has the envelope', () => {
    const inPage = rowsUnder(page, 'Events').flatMap(([cell = '']) => cell.replaceAll('`', '').split(', '));
    const inCode = propertiesOf(interfaceOf('EventEnvelope').members).map(nameOf);
    expect(inPage.sort()).toEqual(['type', ...inCode].sort());
  });

  it('has every trigger', () => {
    const alias = contract.statements.find(
      (one): one is ts.TypeAliasDeclaration =>
        ts.isTypeAliasDeclaration(one) && one.name.text === 'RebalanceTrigger',
    );
    const inCode = alias?.type.getText().match(/[a-z][a-z-]+/g) ?? [];
    const line = page.split('\n').find((one) => one.startsWith('`trigger` is one of')) ?? '';
    expect(Array.from(line.matchAll(/`([a-z-]+)`/g), ([, name]) => name).slice(1)).toEqual(inCode);
  });
});
