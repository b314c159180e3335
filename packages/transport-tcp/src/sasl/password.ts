/** The password as it is now: given once, or asked for each time. */
import type { PasswordSasl } from '../options.ts';

/** @throws Error that does not hold what the function returned */
export async function passwordOf({ password }: PasswordSasl): Promise<string> {
  const now = typeof password === 'function' ? await password() : password;
  if (typeof now !== 'string')
    throw new Error(
      `the function \`sasl.password\` returned ${now === null ? 'null' : typeof now}, not a string`,
    );
  return now;
}
