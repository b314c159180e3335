/** The picture of the README: what a terminal would show, and the same bytes for the same pictures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Screen } from '../record-demo/screen.mjs';
import { svgOf } from '../record-demo/svg.mjs';

const options = { columns: 20, rows: 3, holdMs: 1000, title: 'a <title>' };

function screenOf(...texts: readonly string[]) {
  let erased = 0;
  const screen = new Screen(() => {
    erased += 1;
  });
  for (const text of texts) screen.write(text);
  return { screen, erased: () => erased };
}

const textOf = (screen: Screen, rows = 10) =>
  screen.lines(rows).map((spans) => spans.map(({ column, text }) => `${column}:${text}`).join(' '));

describe('the screen', () => {
  it('draws over what stands there, as the demo does', () => {
    const { screen, erased } = screenOf('one\ntwo\n', '\r\u001b[2A', 'ONE\u001b[K\nt\u001b[K\n\u001b[J');
    expect(textOf(screen)).toEqual(['0:ONE', '0:t']);
    expect(erased()).toBe(1);
  });

  it('takes sequences that come in pieces, and ignores the cursor', () => {
    const { screen } = screenOf('\u001b[?25l\u001b[3', '2mgreen\u001b', '[0m plain');
    expect(screen.lines(1)).toEqual([
      [
        { column: 0, text: 'green', style: { bold: false, dim: false, colour: '32' } },
        { column: 5, text: ' plain', style: { bold: false, dim: false, colour: null } },
      ],
    ]);
  });

  it('shows the last lines only', () => {
    const { screen } = screenOf('a\nb\nc\n');
    expect(textOf(screen, 2)).toEqual(['0:b', '0:c']);
  });

  it('refuses what it does not know', () => {
    expect(() => screenOf('\u001b[5B')).toThrow('the screen does not know ESC[5B');
  });
});

describe('the picture', () => {
  const picture = (atMs: number, text: string) => ({ atMs, lines: screenOf(text).screen.lines(3) });

  it('is the same for the same pictures', () => {
    const pictures = [picture(0, 'a'), picture(500, '\u001b[32m██\u001b[0m b & c')];
    expect(svgOf(pictures, options)).toBe(svgOf(pictures, options));
  });

  it('escapes text, draws blocks, and places words by their column', () => {
    const svg = svgOf([picture(0, '██  <b>   c')], options);
    expect(svg).toContain('a &lt;title&gt;');
    expect(svg).toContain('<rect x="16"');
    expect(svg).toMatch(/<tspan x="49.72">&lt;b&gt;<\/tspan><tspan x="100.3">c<\/tspan>/);
  });

  it('refuses a colour that would be unreadable somewhere', () => {
    expect(() => svgOf([picture(0, '\u001b[33mx')], options)).toThrow('no colour for SGR 33');
  });

  it('stands in the README, animated, with its last picture for those who want no motion', () => {
    const svg = readFileSync(new URL('../../docs/assets/demo.svg', import.meta.url), 'utf8');
    const frames = svg.match(/<g class="f/g)?.length ?? 0;
    expect(frames).toBeGreaterThan(10);
    expect(svg.match(/@keyframes/g)?.length).toBe(frames);
    expect(svg).toContain('prefers-reduced-motion');
    expect(svg).toContain('Nothing was lost');
  });
});
