/** Which plugin is wanted: from flags, from questions, or from defaults. */
import { KIND_NAMES, KINDS, type Kind, kindNamed } from './kinds.ts';
import { problemOfName } from './package-name.ts';
import type { Arguments } from './read-arguments.ts';
import { UserError } from './user-error.ts';

export interface Choice {
  readonly kind: Kind;
  readonly name: string;
}

/** Asks, and answers with what was typed, without spaces around it; null when the input has ended. */
export type Ask = (question: string) => Promise<string | null>;

const DEFAULT_KIND = 'assignor';
const DEFAULT_NAME = 'kohort-plugin-example';

/**
 * A wrong answer to a question is asked for again; a wrong flag is not.
 * @throws UserError
 */
export async function choose({ kind, name, yes }: Arguments, ask: Ask): Promise<Choice> {
  const kindProblem = kind === undefined ? undefined : problemOfKind(kind);
  if (kindProblem !== undefined) throw new UserError(`--kind: ${kindProblem}`);
  const nameProblem = name === undefined ? undefined : problemOf(name);
  if (nameProblem !== undefined) throw new UserError(`--name: ${nameProblem}`);
  const question = yes ? null : ask;
  const list = KINDS.map(({ name: one, says }) => `  ${one.padEnd(10)} ${says}\n`).join('');
  const kindName = kind ?? (await answer(question, `${list}Kind`, DEFAULT_KIND, problemOfKind));
  const chosen = kindNamed(kindName);
  if (chosen === undefined) throw new UserError(problemOfKind(kindName) ?? kindName);
  return { kind: chosen, name: name ?? (await answer(question, 'Name', DEFAULT_NAME, problemOf)) };
}

async function answer(
  ask: Ask | null,
  question: string,
  preset: string,
  problemOfAnswer: (answer: string) => string | undefined,
): Promise<string> {
  if (ask === null) return preset;
  for (let hint = ''; ; ) {
    const text = await ask(`${hint}${question} (${preset}): `);
    if (text === null) throw new UserError('The input has ended; nothing was written.');
    const given = text === '' ? preset : text;
    const problem = problemOfAnswer(given);
    if (problem === undefined) return given;
    hint = `${problem}\n`;
  }
}

function problemOfKind(kind: string): string | undefined {
  return kindNamed(kind) === undefined ? `there is no kind "${kind}"; there are ${KIND_NAMES}` : undefined;
}

function problemOf(name: string): string | undefined {
  const problem = problemOfName(name);
  return problem === undefined ? undefined : `"${name}" cannot be the name of a package: ${problem}`;
}
