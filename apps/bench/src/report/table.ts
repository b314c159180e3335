/** Tables: columns that line up on a terminal and are a table in Markdown too. */

/** Cells of one row, as many as the heading has. */
export type Row = readonly string[];

/** The first `left` columns are words, the others are figures. */
export function markdownTable(heading: Row, rows: readonly Row[], left: number): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: Row) =>
    `| ${row
      .map((cell, column) =>
        column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = `| ${widths
    .map((width, column) => (column < left ? '-'.repeat(width) : `${'-'.repeat(Math.max(1, width - 1))}:`))
    .join(' | ')} |`;
  return [line(heading), rule, ...rows.map(line)].join('\n');
}
