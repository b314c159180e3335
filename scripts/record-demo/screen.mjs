/** A terminal's screen: takes what a program writes, gives lines of styled text. As much of ANSI as the demo uses. */

/**
 * @typedef {{ bold: boolean, dim: boolean, colour: string | null }} Style `colour` is the SGR code, such as `32` or `38;5;172`
 * @typedef {{ column: number, text: string, style: Style }} Span
 * @typedef {readonly (readonly Span[])[]} Lines
 */

/** @type {Style} */
const PLAIN = { bold: false, dim: false, colour: null };
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCE = /\u001b\[(\??[\d;]*)([A-Za-z])/y;

export class Screen {
  /** @type {{ character: string, style: Style }[][]} */
  #lines = [[]];
  #row = 0;
  #column = 0;
  #style = PLAIN;
  /** An escape sequence whose end has not come yet. */
  #rest = '';
  /** @type {() => void} */
  #onErased;

  /** @param {() => void} onErased called when everything below is erased: how the demo ends a picture */
  constructor(onErased) {
    this.#onErased = onErased;
  }

  /** @param {string} text */
  write(text) {
    const all = this.#rest + text;
    this.#rest = '';
    for (let at = 0; at < all.length; ) {
      if (all[at] !== '\u001b') {
        this.#put(all[at] ?? '');
        at += 1;
        continue;
      }
      SEQUENCE.lastIndex = at;
      const match = SEQUENCE.exec(all);
      if (!match) {
        this.#rest = all.slice(at);
        return;
      }
      this.#control(match[1] ?? '', match[2] ?? '');
      at += match[0].length;
    }
  }

  /**
   * What can be seen: the last lines, without the empty one that the cursor stands in.
   * @param {number} rows
   * @returns {Lines}
   */
  lines(rows) {
    const written = this.#lines.at(-1)?.length === 0 ? this.#lines.slice(0, -1) : this.#lines;
    return written.slice(-rows).map((cells) => spansOf(cells));
  }

  /** @param {string} character */
  #put(character) {
    if (character === '\r') {
      this.#column = 0;
    } else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      if (this.#row === this.#lines.length) this.#lines.push([]);
    } else {
      const line = this.#lines[this.#row] ?? [];
      while (line.length < this.#column) line.push({ character: ' ', style: PLAIN });
      line[this.#column] = { character, style: this.#style };
      this.#column += 1;
    }
  }

  /**
   * @param {string} parameters
   * @param {string} command
   */
  #control(parameters, command) {
    if (command === 'm') this.#restyle(parameters);
    else if (command === 'A') this.#row = Math.max(0, this.#row - Number(parameters || 1));
    else if (command === 'K') this.#lines[this.#row]?.splice(this.#column);
    else if (command === 'J') {
      this.#lines.splice(this.#row + 1);
      this.#lines[this.#row]?.splice(this.#column);
      this.#onErased();
    } else if (!parameters.startsWith('?')) {
      throw new Error(`the screen does not know ESC[${parameters}${command}`);
    }
  }

  /** @param {string} code */
  #restyle(code) {
    if (code === '' || code === '0') this.#style = PLAIN;
    else if (code === '1') this.#style = { ...this.#style, bold: true };
    else if (code === '2') this.#style = { ...this.#style, dim: true };
    else if (code.startsWith('1;')) this.#style = { bold: true, dim: false, colour: code.slice(2) };
    else this.#style = { ...this.#style, colour: code };
  }
}

/**
 * Runs of one style; blanks between them are left out.
 * @param {{ character: string, style: Style }[]} cells
 * @returns {Span[]}
 */
function spansOf(cells) {
  /** @type {Span[]} */
  const spans = [];
  for (const [column, { character, style }] of cells.entries()) {
    const last = spans.at(-1);
    if (last && last.style === style && last.column + last.text.length === column) last.text += character;
    else spans.push({ column, text: character, style });
  }
  return spans.filter(({ text }) => text.trim() !== '');
}
