// Every example of the documentation compiles, under the strictness of the workspace.

import { beforeAll, describe, expect, it } from 'vitest';
import { everyExample, examplesOfPage } from './support/examples.ts';
import { typeErrors } from './support/type-check.ts';

const examples = everyExample();
const nameOf = (i: number) => `example-${i}`;
let errors: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(() => {
  const modules = examples.map(({ code }, i): [string, string] => [nameOf(i), `${code}\nexport {};\n`]);
  const wrong = "import { roundRobin } from '@kohort/core';\nroundRobin({ as: 1 });\n";
  errors = typeErrors(new Map([...modules, ['wrong', wrong]]));
}, 120_000);

describe('examples compile', () => {
  it.each(examples.map(({ file, line }, i) => ({ file, line, i })))('$file:$line', ({ i }) => {
    expect(errors.get(nameOf(i))).toEqual([]);
  });

  it('what does not compile is found', () => {
    expect(errors.get('wrong')).toEqual([expect.stringContaining('line 2')]);
  });
});

describe('the extraction', () => {
  it('joins what is continued, keeps lines, and refuses marks that it does not know', () => {
    const page = 'text\n```ts\na;\n```\n```sh\nno\n```\n```ts continued\nb;\n```\n```ts run\nc;\n```\n';
    expect(examplesOfPage('p', page)).toEqual([
      { file: 'p', line: 3, code: 'a;\nb;', isRun: false },
      { file: 'p', line: 12, code: 'c;', isRun: true },
    ]);
    expect(() => examplesOfPage('p', '```ts rnu\n```\n')).toThrow('p:2: unknown mark "rnu"');
  });

  it.each(['```js', '```typescript', '~~~ts', '  ```ts', '```mjs'])('looks over no code: %s', (fence) => {
    expect(() => examplesOfPage('p', `text\n${fence}\n`)).toThrow('p:2: code is marked `ts`');
  });

  it('takes the pages of all folders, and the comments of all sources', () => {
    const files = new Set(examples.map(({ file }) => file));
    for (const file of [
      'README.md',
      'docs/plugins/codec.md',
      'packages/core/README.md',
      'packages/core/src/spi.ts',
      'packages/metrics/src/opentelemetry/traced.ts',
      'packages/testkit/src/codec/conformance.ts',
    ])
      expect(files).toContain(file);
  });
});
