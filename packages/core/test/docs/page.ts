/** Reads tables of a documentation page. */

/** Cells of the first table under a heading, without its head. */
export function rowsUnder(page: string, heading: string): readonly (readonly string[])[] {
  const at = page
    .split('\n')
    .findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  if (at < 0) throw new Error(`the page has no heading "${heading}"`);
  const rest = page.split('\n').slice(at + 1);
  const first = rest.findIndex((line) => line.startsWith('|'));
  const end = rest.findIndex((line, i) => i > first && !line.startsWith('|'));
  return rest.slice(first + 2, end < 0 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
