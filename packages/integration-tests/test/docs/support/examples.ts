/**
 * The examples of the documentation. Every block that is marked `ts` is a complete module, unless it is marked
 * `ts continued`: then it goes on where the block before it ended. A block marked `ts run` is also run.
 */
import { markdownPages, publishedSources, readText } from './repository.ts';

export interface Example {
  /** Page or source file. */
  readonly file: string;
  /** Of the first line of code. */
  readonly line: number;
  readonly code: string;
  readonly isRun: boolean;
}

const FENCE = /^```(\S+)?(.*)$/;

/** Code that would be looked over: of another name for the language, or in an indented block. */
const LOOKED_OVER = /^\s*(?:```|~~~)(?:[jt]sx?|[cm][jt]s|javascript|typescript)\b/;

/** Examples of one page, in order. */
export function examplesOfPage(file: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  let open: { line: number; marks: readonly string[]; isTs: boolean; code: string[] } | null = null;
  for (const [i, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    const language = fence?.[1] ?? '';
    if (!open && language !== 'ts' && LOOKED_OVER.test(line))
      throw new Error(`${file}:${i + 1}: code is marked \`ts\`, in a block that is not indented`);
    if (!fence) {
      open?.code.push(line);
      continue;
    }
    if (!open) {
      const marks = (fence[2] ?? '').trim().split(/\s+/).filter(Boolean);
      open = { line: i + 2, marks, isTs: language === 'ts', code: [] };
      continue;
    }
    if (open.isTs) add(examples, { file, line: open.line, code: open.code.join('\n') }, open.marks);
    open = null;
  }
  return examples;
}

function add(examples: Example[], found: Omit<Example, 'isRun'>, marks: readonly string[]): void {
  const unknown = marks.find((mark) => mark !== 'run' && mark !== 'continued');
  if (unknown !== undefined) throw new Error(`${found.file}:${found.line}: unknown mark "${unknown}"`);
  const before = marks.includes('continued') ? examples.pop() : undefined;
  const code = before ? `${before.code}\n${found.code}` : found.code;
  const line = before ? before.line : found.line;
  examples.push({ file: found.file, line, code, isRun: marks.includes('run') || before?.isRun === true });
}

/** The examples in the doc comments of one source file. */
export function examplesOfSource(file: string, text: string): readonly Example[] {
  const comments = text.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
  return examplesOfPage(file, comments.join('\n'));
}

export function everyExample(): readonly Example[] {
  return [
    ...markdownPages().flatMap((file) => examplesOfPage(file, readText(file))),
    ...publishedSources().flatMap((file) => examplesOfSource(file, readText(file))),
  ];
}

/** What an example says that it prints: `// prints: text` behind a statement, in order. */
export function promisedLines(code: string): readonly string[] {
  return Array.from(code.matchAll(/\/\/ prints: (.*)$/gm), ([, text = '']) => text.trim());
}
