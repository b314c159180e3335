/** Small matters of writing: numbers, times, columns. */

/** `1234` as `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Milliseconds as seconds with one digit: `11.3`. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** A short time: `38 ms`, `3.1 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${seconds(ms)} s`;
}

/** `1 member`, `3 members`. */
export function counted(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** Cut to a width, with a sign that there was more. */
export function fitted(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Lines of at most so many columns, each behind a space; a word that is longer keeps a line to itself. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
