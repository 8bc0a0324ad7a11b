import { nkeys } from '@nats-io/transport-node';

const { createAccount, createOperator, createUser } = nkeys;
type KeyPair = ReturnType<typeof createUser>;

const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token as NATS has them: signed with the key of whoever issues it (nats-io/jwt, version 2). */
function token(issuer: KeyPair, subject: KeyPair, name: string, nats: Record<string, unknown>): string {
  const claims = { jti: name, iat: 1_700_000_000, iss: issuer.getPublicKey(), sub: subject.getPublicKey(), name };
  const body = `${coded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${coded({ ...claims, nats: { ...nats, version: 2 } })}`;
  return `${body}.${Buffer.from(issuer.sign(Buffer.from(body))).toString('base64url')}`;
}

const unlimited = Object.fromEntries(
  [
    'subs',
    'data',
    'payload',
    'imports',
    'exports',
    'conn',
    'leaf',
    'mem_storage',
    'disk_storage',
    'streams',
    'consumer',
  ].map((limit) => [limit, -1] as const),
);

/** A server whose accounts are signed by an operator: what its configuration adds, and the credentials of one user. */
export function accountsByOperator(): { readonly config: string; readonly credentials: string } {
  const [operator, system, account, user] = [createOperator(), createAccount(), createAccount(), createUser()];
  const limits = { ...unlimited, wildcards: true };
  const accountToken = (key: KeyPair, name: string) => token(operator, key, name, { type: 'account', limits });
  const config = `
operator: "${token(operator, operator, 'city', { type: 'operator' })}"
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: {
  ${system.getPublicKey()}: "${token(operator, system, 'SYS', { type: 'account' })}"
  ${account.getPublicKey()}: "${accountToken(account, 'fleet')}"
}`;
  const seed = Buffer.from(user.getSeed()).toString();
  const userToken = token(account, user, 'gateway', { type: 'user', subs: -1, data: -1, payload: -1 });
  const credentials = `-----BEGIN NATS USER JWT-----
${userToken}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------
`;
  return { config, credentials };
}
