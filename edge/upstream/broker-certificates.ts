import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type CertificateSpan, certificateAge, spanOf } from '../core/certificate-age.ts';
import { describeError, type LifelineError } from '../core/errors.ts';
import type { Remark } from '../core/remark.ts';
import { both, type Text } from '../core/text.ts';
import type { BrokerAccount } from './broker-options.ts';
import { certificateErrors, mqttErrors } from './errors.ts';

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

/** Where an entry has its certificates, and whether they are made use of. */
export interface CertificatePlaces {
  /** Keys of the entry that name the files of certificates and of the key; `tls.ca` is `ca` within `tls`. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Scheme of an address that makes use of them. */
  readonly encryptedBy: string;
}

/** The places of sinks that have `tls`. */
export const tlsPlaces = (encryptedBy: string): CertificatePlaces => ({
  ...{ ca: 'tls.ca', cert: 'tls.cert', key: 'tls.key', encryptedBy },
});

/** An entry before it is a sink's. */
type Entry = Readonly<Record<string, unknown>> & { readonly documents?: Documents };

/** Texts between the lines of RFC 7468 §2, which one file may have several of. */
const certificateTexts = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * The one rule for certificates of all sinks: files that are no certificates or keys, and keys of other certificates, are errors;
 * certificates that have ended, end within 30 days or no address makes use of are warnings, as a gateway must start with them.
 * @param urls addresses of the sink
 * @param nowMs ms since epoch
 */
export function reviewCertificates(
  entry: Entry,
  places: CertificatePlaces,
  urls: readonly string[],
  nowMs: number,
): readonly Remark[] {
  const { documents = {} } = entry;
  const remarks: Remark[] = [];
  const note = (place: string, code: Parameters<typeof certificateErrors.create>[0], text: Text) => {
    const severity = code === 'FILE' || code === 'PAIR' ? 'error' : 'warning';
    remarks.push({ path: place.split('.'), severity, error: certificateErrors.create(code, text) });
  };
  const read = <Made>(place: string, what: Text, make: (text: string) => Made): Made | undefined => {
    const text = documents[place];
    try {
      return typeof text === 'string' ? make(text) : undefined;
    } catch (error) {
      const why = describeError(error);
      note(place, 'FILE', both(`${place} has no ${what.en}: ${why}`, `${place} 中没有${what.zh}：${why}`));
      return undefined;
    }
  };
  const judged = (place: string) => {
    const found = read(place, both('certificate', '证书'), certificatesIn) ?? [];
    for (const certificate of found) {
      const end = endOf(certificate, nowMs);
      const whose = subjectOf(certificate);
      if (end)
        note(
          place,
          end.code,
          both(`${place}: the certificate of ${whose} ${end.text.en}`, `${place}：${whose} 的证书${end.text.zh}`),
        );
    }
    return found;
  };
  judged(places.ca);
  const [own] = judged(places.cert);
  const passphrase = valueAt(entry, 'tls.passphrase');
  const secret = read(places.key, both('private key', '私钥'), (key) =>
    createPrivateKey({ key, ...(typeof passphrase === 'string' ? { passphrase } : {}) }),
  );
  const [hasCert, hasKey] = [places.cert, places.key].map((place) => valueAt(entry, place) !== undefined);
  if (hasCert !== hasKey) {
    note(
      hasCert ? places.cert : places.key,
      'PAIR',
      both(
        `${places.cert} and ${places.key} belong together, and one is missing`,
        `${places.cert} 与 ${places.key} 须同时给出，现缺其一`,
      ),
    );
  }
  if (own && secret && !own.checkPrivateKey(secret)) {
    note(places.key, 'PAIR', both(`${places.key} is the key of another certificate`, `${places.key} 是另一证书的私钥`));
  }
  const given = [places.ca, places.cert, places.key].filter((place) => valueAt(entry, place) !== undefined);
  if (given[0] !== undefined && urls.every((url) => !url.startsWith(`${places.encryptedBy}:`))) {
    const [names, scheme] = [given.join(', '), `${places.encryptedBy}://`];
    const text = both(
      `the connection is not encrypted, so ${names} has no effect: ${scheme} is`,
      `连接未加密，${names} 不起作用；加密地址以 ${scheme} 开头`,
    );
    note(given[0], 'UNUSED', text);
  }
  return remarks;
}

/** A certificate that an entry has, and the key that names its file. */
export interface PlacedCertificate extends CertificateSpan {
  readonly place: string;
  /** Shown to the far end, or what vouches for it. */
  readonly role: 'own' | 'authority';
  readonly pem: string;
}

/** The certificates that an entry has; texts that hold none are left out, its review tells of them. */
export function certificatesAt(places: CertificatePlaces, documents: Documents): readonly PlacedCertificate[] {
  const roles = { [places.cert]: 'own', [places.ca]: 'authority' } as const;
  return Object.entries(roles).flatMap(([place, role]) => {
    const text = documents[place];
    try {
      const found = typeof text === 'string' ? certificatesIn(text) : [];
      return found.map((one) => ({ place, role, pem: one.toString(), ...spanOf(one) }));
    } catch {
      return [];
    }
  });
}

/** All certificates of a text; throws where it has none. */
function certificatesIn(text: string): readonly X509Certificate[] {
  const found = text.match(certificateTexts) ?? [text];
  return found.map((one) => new X509Certificate(one));
}

function endOf(
  certificate: X509Certificate,
  nowMs: number,
): { readonly code: 'ENDED' | 'ENDS' | 'NOT-YET'; readonly text: Text } | undefined {
  const { fromMs, toMs } = spanOf(certificate);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const { standing } = certificateAge({ fromMs, toMs }, nowMs);
  if (standing === 'ended') return { code: 'ENDED', text: both(`ended on ${day(toMs)}`, `已于 ${day(toMs)} 到期`) };
  if (standing === 'not-yet')
    return { code: 'NOT-YET', text: both(`is not valid before ${day(fromMs)}`, `${day(fromMs)} 才生效`) };
  return standing === 'ends'
    ? { code: 'ENDS', text: both(`ends on ${day(toMs)}`, `将于 ${day(toMs)} 到期`) }
    : undefined;
}

const subjectOf = ({ subject }: X509Certificate): string => (subject ?? '').replaceAll('\n', ', ') || 'nobody';

const valueAt = (entry: Entry, place: string): unknown =>
  place.split('.').reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step], entry);

/** What codes of the encryption's own errors (Node.js, OpenSSL) come to. */
const troubles = [
  [/ALERT.*(CERTIFICATE|UNKNOWN_CA)/, 'TLS-REFUSED'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'TLS-EXPIRED'],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'TLS-NAME'],
  [/SELF_SIGNED|UNABLE_TO_|CERT_|INVALID_CA/, 'TLS-UNTRUSTED'],
  [/SSL|TLS|EPROTO/, 'TLS'],
] as const;

/** The error of an encrypted connection that was not set up; undefined where it is of another kind. */
export function encryptionTrouble(code: string, text: Text, error: unknown): LifelineError | undefined {
  const trouble = troubles.find(([pattern]) => pattern.test(code));
  return trouble && mqttErrors.create(trouble[1], text, error);
}
