/** What the user typed cannot be carried out: reported in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
