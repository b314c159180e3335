/** What the user can mend: the message is all that is printed. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
