/** The command line: what was asked for, as text that is still to be checked. */
import { parseArgs } from 'node:util';
import { KIND_NAMES } from './kinds.ts';
import { UserError } from './user-error.ts';

export interface Arguments {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  /** Ask nothing. */
  readonly yes: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm create kohort-plugin -- [--kind KIND] [--name NAME] [--yes]

  --kind KIND   ${KIND_NAMES}
  --name NAME   of the package, such as kohort-plugin-by-rack or @acme/kohort-by-rack
  --yes         ask nothing: an assignor named kohort-plugin-example, unless the flags say otherwise
  --help        this text

Without flags it asks. The package goes into a new folder, named as the package is, in the current one.
`;

/** @throws UserError for flags that there are not */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kind: { type: 'string' },
        name: { type: 'string' },
        yes: { type: 'boolean', short: 'y', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { kind: values.kind, name: values.name, yes: values.yes, help: values.help };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UserError(`${what}\n\n${USAGE}`);
  }
}
