/** How a timeline looks: for light and dark, without anything from outside the file. */

/** Fills that are told apart by most kinds of colour-blindness (Okabe and Ito, 2008), and whose text is dark. */
const COLOURS = ['#56b4e9', '#e69f00', '#009e73', '#f0e442', '#cc79a7', '#d55e00', '#8fa3ff', '#b0b0b0'];

/** How many members have a colour of their own; then colours repeat. */
export const COLOUR_COUNT = COLOURS.length;

export const STYLE = `
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--text); }
svg { --back: #ffffff; --text: #1f2328; --faint: #656d76; --line: #d0d7de; --lost: #cf222e; }
@media (prefers-color-scheme: dark) {
  svg { --back: #0d1117; --text: #e6edf3; --faint: #8d96a0; --line: #30363d; --lost: #ff7b72; }
}
.back { fill: var(--back); }
.track { fill: var(--line); opacity: .35; }
.group { font-weight: bold; }
.faint { fill: var(--faint); }
.tick { stroke: var(--line); }
.rebalance { fill: var(--faint); opacity: .45; }
.abandoned { fill: var(--lost); }
.bar text { fill: #111111; pointer-events: none; }
.lost { stroke: var(--lost); stroke-width: 2; }
${COLOURS.map((colour, i) => `.m${i} { fill: ${colour}; }`).join('\n')}`.trim();
