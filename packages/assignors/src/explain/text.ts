/** Lines of text that stay readable whatever members call themselves. */
import type { AssignmentProblem } from '@kohort/core/spi';

/** A name on one line: what cannot be printed is written as its code. */
export function printable(name: string): string {
  return name.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Columns under a header, each as wide as it has to be; nothing at all without rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const all = [header, ...rows];
  const widths = header.map((_, i) => all.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), 0));
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `orders 0-3 7, refunds 1`. */
export function partitionList(problem: AssignmentProblem, flatIds: Int32Array): string {
  const topics: string[] = [];
  let ranges: string[] = [];
  const sorted = flatIds.toSorted();
  for (let i = 0; i < sorted.length; ) {
    const first = sorted[i] ?? 0;
    const t = problem.topicOf(first);
    let last = first;
    while (sorted[i + 1] === last + 1 && problem.topicOf(last + 1) === t) {
      last++;
      i++;
    }
    i++;
    const { topic, partition } = problem.partition(first);
    ranges.push(last === first ? `${partition}` : `${partition}-${partition + last - first}`);
    if (i < sorted.length && problem.topicOf(sorted[i] ?? 0) === t) continue;
    topics.push(`${printable(topic)} ${ranges.join(' ')}`);
    ranges = [];
  }
  return topics.join(', ') || 'nothing';
}
