/** Tables that a script writes into a page of the documentation, between two comments that bear their name. */
import { readFile, writeFile } from 'node:fs/promises';

/** @param {string} name */
const edges = (name) => [`<!-- ${name}: begin -->\n\n`, `\n\n<!-- ${name}: end -->`];

/**
 * @param {string} page
 * @param {string} name
 * @returns {[before: string, table: string, after: string]}
 * @throws Error when the page has no place for the table
 */
function split(page, name) {
  const [begin = '', end = ''] = edges(name);
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no place for the table "${name}": ${begin}…${end}`);
  return [page.slice(0, from + begin.length), page.slice(from + begin.length, to), page.slice(to)];
}

/** Cells without the blanks that a formatter puts around them. @param {string} table */
const plain = (table) => table.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---');

/** Whether the page says what the table says. @param {string} file @param {string} name @param {string} table */
export async function tableAgrees(file, name, table) {
  const [, present] = split(await readFile(file, 'utf8'), name);
  return plain(present) === plain(table);
}

/** @param {string} file @param {string} name @param {string} table */
export async function writeTable(file, name, table) {
  const [before, , after] = split(await readFile(file, 'utf8'), name);
  await writeFile(file, `${before}${table}${after}`);
}
