import { readFile } from 'node:fs/promises';
import type { Authenticator } from '@nats-io/transport-node';
import { natsErrors } from './errors.ts';
import type { NatsOptions } from './options.ts';

type Client = typeof import('@nats-io/transport-node');

/** Proves to the server who we are; undefined where nobody asks. Rejects with a coded error when a key cannot be used. */
export async function authenticatorOf(client: Client, login: NatsOptions['login']): Promise<Authenticator | undefined> {
  if (!login) return undefined;
  const { username, password, token, nkeySeed, credentialsFile } = login;
  if (username !== undefined) return client.usernamePasswordAuthenticator(username, password);
  if (token !== undefined) return client.tokenAuthenticator(token);
  try {
    const authenticator =
      nkeySeed === undefined
        ? client.credsAuthenticator(await readFile(credentialsFile ?? ''))
        : client.nkeyAuthenticator(new TextEncoder().encode(nkeySeed));
    await authenticator('tried'); // the client would throw it where nobody hears
    return authenticator;
  } catch (error) {
    throw natsErrors.create('CREDENTIALS', `log in with ${credentialsFile ?? 'nkeySeed'}`, error);
  }
}
