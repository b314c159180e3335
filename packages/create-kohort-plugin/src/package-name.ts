/** Names of packages as npm takes them, and what is derived from them. */

const MOST_CHARACTERS = 214;
const PART = /^[a-z0-9][a-z0-9._-]*$/;
const TAKEN = ['node_modules', 'favicon.ico'];

/** What npm would refuse about the name, or undefined. */
export function problemOfName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > MOST_CHARACTERS)
    return `it has ${name.length} characters, and npm takes ${MOST_CHARACTERS}`;
  const parts = name.startsWith('@') ? name.slice(1).split('/') : [name];
  if (parts.length !== (name.startsWith('@') ? 2 : 1)) return 'a scope looks like @scope/name';
  if (!parts.every((part) => PART.test(part)))
    return 'npm takes lower case letters, digits, ".", "_" and "-", beginning with a letter or a digit';
  if (TAKEN.includes(name)) return 'npm keeps this name for itself';
  if (identifierOf(name) === '') return 'it has no letter that a function could be called by';
  return undefined;
}

/** The folder for the package: its name without the scope. */
export function folderOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** Words that cannot be the name of a function. */
const RESERVED = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments eval'.split(
    ' ',
  ),
);

/** What the templates import. */
const OF_TEMPLATES = new Set([
  'createProtocolTransport',
  'defineAssignor',
  'gunzip',
  'inPool',
  'planBuilder',
  'promisify',
]);

/** The factory of the plugin: `kohort-plugin-by-rack` and `@acme/kohort-by-rack` are `byRack`. Empty without a letter. */
export function identifierOf(name: string): string {
  const own = folderOf(name).replace(/^kohort[._-]+(?:plugin[._-]+)?/, '');
  const words = own.split(/[._-]+/).filter(Boolean);
  const camel = words
    .map((word, i) => (i === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`))
    .join('');
  const identifier = camel.replace(/^[0-9]+/, '');
  const first = identifier.slice(0, 1).toLowerCase() + identifier.slice(1);
  return RESERVED.has(first) || OF_TEMPLATES.has(first) ? `${first}Plugin` : first;
}
