/** Colours of the terminal: one for each member, few others, or none at all. */
import { CAST } from '../engine/story.ts';

export interface Style {
  /** Whether there are colours: without, other signs have to tell members apart. */
  readonly hasColour: boolean;
  member(name: string, text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/** Colours of the 256-colour palette that are told apart on dark ground and on light, and by most who see fewer colours. */
const PALETTE_256 = [32, 172, 71, 168, 98];
const PALETTE_16 = [34, 33, 32, 35, 36];

type Painter = (code: string, text: string) => string;

const paint: Painter = (code, text) => `\u001b[${code}m${text}\u001b[0m`;
const leave: Painter = (_, text) => text;

/** @param depth bits of colour that the terminal has, as `WriteStream.getColorDepth` answers: 1, 4, 8 or 24 */
export function styleOf(depth: number): Style {
  const put = depth >= 4 ? paint : leave;
  return {
    hasColour: depth >= 4,
    member: (name, text) => put(memberCode(name, depth), text),
    bold: (text) => put('1', text),
    dim: (text) => put('2', text),
    good: (text) => put('32', text),
    bad: (text) => put('1;31', text),
  };
}

function memberCode(name: string, depth: number): string {
  const index = CAST.findIndex((character) => character.name === name);
  if (index < 0) return '0';
  return depth >= 8 ? `38;5;${PALETTE_256[index] ?? 0}` : `${PALETTE_16[index] ?? 0}`;
}
