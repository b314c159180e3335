/** Pictures of a terminal as one animated SVG, readable on light and dark ground. The same pictures give the same bytes. */

/**
 * @typedef {import('./screen.mjs').Lines} Lines
 * @typedef {import('./screen.mjs').Span} Span
 * @typedef {{ atMs: number, lines: Lines }} Picture
 */

const CELL_WIDTH = 8.43;
const LINE_HEIGHT = 18;
const PADDING = 16;
/** Where a glyph stands on its line. */
const BASELINE = 13.5;

/** Blocks are drawn, not written: fonts disagree about their width. */
const BLOCKS = new Map([
  ['█', 1],
  ['▒', 0.5],
  ['░', 0.25],
]);

/** SGR codes that the demo uses: on light ground, on dark ground. */
const COLOURS = new Map([
  ['32', ['#1a7f37', '#3fb950']],
  ['31', ['#cf222e', '#f85149']],
  ['38;5;32', ['#0072b8', '#3aa0e8']],
  ['38;5;172', ['#b86e00', '#e09a2b']],
  ['38;5;71', ['#3f8f3f', '#6fbf6f']],
  ['38;5;168', ['#c2416f', '#e27a9c']],
  ['38;5;98', ['#7548c4', '#a284e4']],
]);

const escaped = (/** @type {string} */ text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const rounded = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);

/**
 * @param {readonly Picture[]} pictures in order; the last one stays for a while, and is all that is seen without animation
 * @param {{ columns: number, rows: number, holdMs: number, title: string }} options
 */
export function svgOf(pictures, { columns, rows, holdMs, title }) {
  const width = rounded(columns * CELL_WIDTH + 2 * PADDING);
  const height = rounded(rows * LINE_HEIGHT + 2 * PADDING);
  const totalMs = (pictures.at(-1)?.atMs ?? 0) + holdMs;
  const frames = pictures.map(({ lines }, i) => {
    const marks = i === pictures.length - 1 ? 'f last' : 'f';
    return `<g class="${marks}" style="animation-name:f${i}">${lines.map(lineOf).join('')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
${styles(totalMs)}
${pictures.map((_, i) => keyframes(pictures, i, totalMs)).join('\n')}
</style>
<rect class="ground" x="0.5" y="0.5" width="${rounded(Number(width) - 1)}" height="${rounded(Number(height) - 1)}" rx="8"/>
${frames.join('\n')}
</svg>
`;
}

/** @param {number} totalMs */
function styles(totalMs) {
  const names = [...COLOURS.keys()];
  const coloured = (/** @type {0 | 1} */ ground) =>
    names.map((code) => `.${classOf(code)}{fill:${COLOURS.get(code)?.[ground]}}`).join('');
  return `text,tspan{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#1f2328}
rect{fill:#1f2328}.b{font-weight:600}.d{fill-opacity:.62}.ground{fill:#fff;stroke:#d0d7de}${coloured(0)}
@media (prefers-color-scheme:dark){text,tspan,rect{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}${coloured(1)}}
.f{visibility:hidden;animation:${totalMs}ms step-end infinite}.last{visibility:visible}
@media (prefers-reduced-motion:reduce){.f{animation:none}}`;
}

/**
 * Seen from its own moment to the next one's.
 * @param {readonly Picture[]} pictures
 * @param {number} i
 * @param {number} totalMs
 */
function keyframes(pictures, i, totalMs) {
  const percent = (/** @type {number} */ ms) => `${rounded((ms / totalMs) * 100)}%`;
  const from = i === 0 ? 0 : (pictures[i]?.atMs ?? 0);
  const to = pictures[i + 1]?.atMs;
  const before = from === 0 ? '' : '0%{visibility:hidden}';
  const after = to === undefined ? '' : `${percent(to)}{visibility:hidden}`;
  return `@keyframes f${i}{${before}${percent(from)}{visibility:visible}${after}}`;
}

/**
 * @param {readonly Span[]} spans
 * @param {number} row
 */
function lineOf(spans, row) {
  const top = PADDING + row * LINE_HEIGHT;
  const words = spans.flatMap(wordsOf);
  const texts = words.filter(({ text }) => !isBlock(text)).map(textOf);
  const line = texts.length === 0 ? '' : `<text y="${rounded(top + BASELINE)}">${texts.join('')}</text>`;
  return (
    line +
    words
      .filter(({ text }) => isBlock(text))
      .map((word) => blockOf(word, top))
      .join('')
  );
}

/**
 * What stands together: columns of a table get a place of their own, whatever the font.
 * @param {Span} span
 * @returns {Span[]}
 */
function wordsOf({ column, text, style }) {
  const words = text.matchAll(/[█▒░]+|[^\s█▒░]+(?: [^\s█▒░]+)*/g);
  return Array.from(words, ({ 0: word, index }) => ({ column: column + index, text: word, style }));
}

/** @param {string} text */
function isBlock(text) {
  return BLOCKS.has(text[0] ?? '');
}

/** @param {Span} word */
function textOf({ column, text, style }) {
  return `<tspan x="${rounded(PADDING + column * CELL_WIDTH)}"${classes(style)}>${escaped(text)}</tspan>`;
}

/**
 * @param {Span} word
 * @param {number} top
 */
function blockOf({ column, text, style }, top) {
  const opacity = BLOCKS.get(text[0] ?? '') ?? 1;
  const x = rounded(PADDING + column * CELL_WIDTH);
  const size = `width="${rounded(text.length * CELL_WIDTH)}" height="${LINE_HEIGHT - 3}"`;
  const shade = opacity === 1 ? '' : ` fill-opacity="${opacity}"`;
  return `<rect x="${x}" y="${rounded(top + 1.5)}" ${size}${shade}${classes(style)}/>`;
}

/** @param {import('./screen.mjs').Style} style */
function classes({ bold, dim, colour }) {
  const names = [...(bold ? ['b'] : []), ...(dim ? ['d'] : []), ...(colour ? [classOf(colour)] : [])];
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

/** @param {string} code */
function classOf(code) {
  if (!COLOURS.has(code)) throw new Error(`the picture has no colour for SGR ${code}`);
  return `c${code.replaceAll(';', '-')}`;
}
