/** Colours of the page, light and dark, by WCAG 2.2: 4.5 to 1 for text, 3 to 1 for what else has to be seen. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CSS = readFileSync(new URL('../../src/ui/page/page.css', import.meta.url), 'utf8');

/** Variables of a `:root` block. */
function variablesOf(block: string): Map<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

const [light = '', dark = ''] = [...CSS.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) => block);
const SCHEMES = [
  ['light', variablesOf(light)],
  ['dark', variablesOf(dark)],
] as const;

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

const MEMBERS = Array.from({ length: 8 }, (_, index) => `member-${index}`);
const TEXT: readonly (readonly [string, string])[] = [
  ...['text', 'muted', 'good', 'bad', 'accent'].flatMap((name) => [
    [name, 'ground'] as const,
    [name, 'raised'] as const,
  ]),
  ['on-accent', 'accent'],
  ...MEMBERS.map((name) => ['on-member', name] as const),
];
const SHAPES = ['line', ...MEMBERS].flatMap((name) => [[name, 'ground'] as const, [name, 'raised'] as const]);

it('takes its measure right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(SCHEMES)('%s', (_, colours) => {
  const between = (a: string, b: string) => contrast(colours.get(a) ?? '', colours.get(b) ?? '');

  it.each(TEXT)('text %s on %s', (text, ground) => {
    expect(between(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)('shape %s on %s', (shape, ground) => {
    expect(between(shape, ground)).toBeGreaterThanOrEqual(3);
  });

  it('has no colour that is not checked', () => {
    const checked = new Set([...TEXT, ...SHAPES].flat());
    expect([...colours.keys()].filter((name) => !checked.has(name))).toEqual([]);
  });
});
