/** The whole picture. */
import { expect, it } from 'vitest';
import { frame, logLine } from '../../src/view/frame.ts';
import { bare, COLOURED, HAPPENINGS, member, PLAIN, snapshot, TITLE } from './fixture.ts';

it('has a heading, owners, what happened last, and totals', () => {
  const happenings = HAPPENINGS.slice(0, 2);
  expect(frame(TITLE, snapshot({ happenings }), PLAIN, 19)).toEqual([
    '',
    ' Kohort  a consumer group, live             topic orders on the embedded broker',
    ' 12 partitions · generation 4, roundrobin      ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌   7.4 s',
    '',
    expect.stringContaining('rec/s'),
    expect.stringContaining('ada'),
    expect.stringContaining('lag'),
    '',
    '',
    '',
    '',
    '',
    '   0.0  ● ada joins',
    ' 600.0  ● cleo leaves: finishes its work, commits, says goodbye',
    '',
    '',
    '',
    '',
    ' produced 1,843   processed 1,801   retried 4   redelivered 3     240 records/s',
  ]);
});

it('is as tall whatever has happened, so that nothing jumps', () => {
  const heights = [
    snapshot({ members: [] }),
    snapshot({ happenings: HAPPENINGS }),
    snapshot({ members: ['ada', 'ben', 'cleo', 'dan', 'eve'].map((name) => member({ name })) }),
  ].map((moment) => frame(TITLE, moment, PLAIN, 24).length);
  expect(new Set(heights)).toEqual(new Set([24]));
});

it('fits 80 columns with every kind of line, in colour or not', () => {
  const title = {
    ...TITLE,
    topic: 'kohort-demo-0123abcd',
    place: 'a-broker-with-a-long-name.example.com:9092',
  };
  for (const style of [PLAIN, COLOURED]) {
    for (const line of frame(title, snapshot({ happenings: HAPPENINGS }), style, 60)) {
      expect(bare(line).length).toBeLessThan(80);
    }
  }
});

it.each(HAPPENINGS.map((happening) => [happening.type, happening] as const))(
  'has no line that must be cut: %s',
  (_, happening) => {
    expect(logLine(happening, PLAIN)).not.toContain('…');
  },
);

it('shows a generation only when there is one', () => {
  const [, , second = ''] = frame(TITLE, snapshot({ generationId: -1, assignor: null }), PLAIN, 24);
  expect(second).toMatch(/^ 12 partitions {2,}/);
});
