/** A picture that is drawn again in its place, for terminals. */
import type { Snapshot } from '../engine/snapshot.ts';
import { type FrameTitle, frame } from './frame.ts';
import type { Style } from './style.ts';
import type { Output, View } from './view.ts';

/** Milliseconds between two pictures. */
const REDRAW_EVERY = 125;

const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';

function cursorUp(lines: number): string {
  return lines > 0 ? `\r\u001b[${lines}A` : '';
}

export interface LiveOptions {
  readonly title: FrameTitle;
  readonly snapshot: () => Snapshot;
  readonly style: Style;
  readonly output: Output;
  /** Lines that the terminal has. */
  readonly rows: () => number;
}

export function liveView({ title, snapshot, style, output, rows }: LiveOptions): View {
  let drawn = 0;
  const draw = () => {
    const lines = frame(title, snapshot(), style, rows() - 1);
    const below = '\u001b[J'; // a picture that was taller leaves nothing behind
    output.write(`${cursorUp(drawn)}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${below}`);
    drawn = lines.length;
  };
  output.write(HIDE_CURSOR);
  draw();
  const timer = setInterval(draw, REDRAW_EVERY);
  return {
    onHappening: () => undefined, // the next picture shows it
    end() {
      clearInterval(timer);
      draw();
      output.write(SHOW_CURSOR);
    },
  };
}
