import type { Authenticator } from '@nats-io/transport-node';
import { both } from '../../core/text.ts';
import { natsErrors } from './errors.ts';
import type { NatsOptions } from './options.ts';

type Client = typeof import('@nats-io/transport-node');

/**
 * Proves to the server who we are; undefined where nobody asks. Rejects with a coded error when a key cannot be used.
 * @param credentials text of a credentials file: a JWT and a seed
 */
export async function authenticatorOf(
  client: Client,
  login: NatsOptions['login'],
  credentials: string | undefined,
): Promise<Authenticator | undefined> {
  const { username, password, token, nkeySeed } = login ?? {};
  if (username !== undefined) return client.usernamePasswordAuthenticator(username, password);
  if (token !== undefined) return client.tokenAuthenticator(token);
  const bytes = (text: string) => new TextEncoder().encode(text);
  try {
    const authenticator =
      nkeySeed !== undefined
        ? client.nkeyAuthenticator(bytes(nkeySeed))
        : credentials !== undefined && client.credsAuthenticator(bytes(credentials));
    if (!authenticator) return undefined;
    await authenticator('tried'); // the client would throw it where nobody hears
    return authenticator;
  } catch (error) {
    const key = nkeySeed === undefined ? 'credentials' : 'nkeySeed';
    throw natsErrors.create('CREDENTIALS', both(`log in with ${key}`, `用 ${key} 登录`), error);
  }
}
