import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describeError, type LifelineError } from '../core/errors.ts';
import type { Remark } from '../core/remark.ts';
import type { BrokerAccount } from './broker-options.ts';
import { mqttErrors } from './errors.ts';

/** Which keys of a sink name files of certificates. */
export const certificateFiles = { 'tls.ca': 'text', 'tls.cert': 'text', 'tls.key': 'text' } as const;

/** What an encrypted connection is made with, as `tls.connect` takes it; PEM. */
export interface Certificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
}

type Documents = Readonly<Record<string, unknown>>;

/** The certificates that the files of a sink have. */
export function certificatesOf({ tls }: Pick<BrokerAccount, 'tls'>, documents: Documents): Certificates {
  const given = { passphrase: tls.passphrase, servername: tls.serverName };
  const read = ['ca', 'cert', 'key'].map((key) => [key, documents[`tls.${key}`]]);
  return Object.fromEntries([...read, ...Object.entries(given)].filter(([, value]) => value !== undefined));
}

/** Files that are no certificates or keys, keys of other certificates, and certificates that no address makes use of. */
export function reviewCertificates(
  account: Pick<BrokerAccount, 'tls'>,
  urls: readonly string[],
  documents: Documents = {},
): readonly Remark[] {
  const remarks: Remark[] = [];
  const note = (at: string[], text: string, cause?: unknown, severity: Remark['severity'] = 'error') =>
    remarks.push({ path: ['tls', ...at], severity, error: mqttErrors.create('CERTIFICATE', text, cause) });
  const { ca, cert, key, passphrase } = certificatesOf(account, documents);
  const read = <Made>(name: string, text: string | undefined, what: string, make: (text: string) => Made) => {
    try {
      return text === undefined ? undefined : make(text);
    } catch (error) {
      note([name], `tls.${name} has no ${what}: ${describeError(error)}`);
      return undefined;
    }
  };
  read('ca', ca, 'certificate', (text) => new X509Certificate(text));
  const own = read('cert', cert, 'certificate', (text) => new X509Certificate(text));
  const secret = read('key', key, 'private key', (text) =>
    createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) }),
  );
  if ((account.tls.cert === undefined) !== (account.tls.key === undefined)) {
    note([account.tls.cert === undefined ? 'key' : 'cert'], 'tls.cert and tls.key belong together, and one is missing');
  }
  if (own && secret && !own.checkPrivateKey(secret)) note(['key'], 'tls.key is the key of another certificate');
  const plain = urls.every((url) => url.startsWith('mqtt:'));
  if (plain && Object.keys(account.tls).length > 0) {
    note([], 'the connection is not encrypted, so tls has no effect: mqtts:// is', undefined, 'warning');
  }
  return remarks;
}

/** What codes of the encryption's own errors (Node.js, OpenSSL) come to. */
const troubles = [
  [/ALERT.*(CERTIFICATE|UNKNOWN_CA)/, 'TLS-REFUSED'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'TLS-EXPIRED'],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'TLS-NAME'],
  [/SELF_SIGNED|UNABLE_TO_|CERT_|INVALID_CA/, 'TLS-UNTRUSTED'],
  [/SSL|TLS|EPROTO/, 'TLS'],
] as const;

/** The error of an encrypted connection that was not set up; undefined where it is of another kind. */
export function encryptionTrouble(code: string, text: string, error: unknown): LifelineError | undefined {
  const trouble = troubles.find(([pattern]) => pattern.test(code));
  return trouble && mqttErrors.create(trouble[1], text, error);
}
