import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { certificateAge, spanOf } from '../core/certificate-age.ts';
import type { Clock } from '../core/clock.ts';
import { both } from '../core/text.ts';
import type { ServerCertificate } from './access/certificate.ts';
import type { KeyPair } from './access/self-signed.ts';
import type { ConsoleCertificates, KnownCertificate } from './certificate-api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, onBehalf, route } from './route.ts';
import type { CertificatesView, CertificateView } from './wire.ts';

/** The certificate that the console itself shows. */
export interface OwnCertificate {
  /** Undefined where the link is not encrypted. */
  current(): ServerCertificate | undefined;
  /** Shows another one from the next connection on; left out where the configuration says which. Rejects with a coded error. */
  readonly replace?: ((pair: KeyPair) => Promise<ServerCertificate>) | undefined;
  /** Shows the self-signed one again, and drops the one that was brought. */
  readonly restore?: (() => Promise<ServerCertificate>) | undefined;
}

interface CertificateParts {
  /** Left out where there is no gateway behind the console. */
  readonly certificates: ConsoleCertificates | undefined;
  readonly own: OwnCertificate;
  readonly clock: Clock;
}

/** A chain of eight certificates, or a key of 16,384 bits, is smaller. */
const maxPemChars = 32_768;
const maxBodyBytes = 4 * maxPemChars;
const fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'expected a SHA-256 fingerprint');
const which = z.strictObject({ fingerprint });
const verdict = z.strictObject({ fingerprint, trust: z.boolean(), ...onBehalf });
const pem = z.string().min(1).max(maxPemChars);
const brought = z.strictObject({ certificate: pem, key: pem, ...onBehalf });
const nothing = z.strictObject(onBehalf);

/** The routes about certificates: whose there are, whom the gateway trusts, and what the console itself shows. */
export function certificateRoutes({ certificates, own, clock }: CertificateParts): readonly ConsoleRoute[] {
  const all = async (): Promise<readonly KnownCertificate[]> => {
    const shown = own.current();
    const first = shown ? [{ use: 'console', where: '', role: 'own', pem: shown.certificate } as const] : [];
    return [...first, ...((await certificates?.list()) ?? [])];
  };
  const find = async (wanted: string, isMeant: (one: KnownCertificate) => boolean = () => true) => {
    const found = (await all()).find((one) => isMeant(one) && readable(one.pem)?.fingerprint256 === wanted);
    if (found) return found;
    throw consoleErrors.create(
      'NOT-FOUND',
      both(`look for certificate ${wanted}: there is none`, `查找证书 ${wanted}：没有此证书`),
    );
  };
  return [
    route({
      ...{ method: 'GET', path: '/api/certificates', policy: 'engineer' },
      summary: 'Every certificate of the gateway and of those that it talks to, with the days that it is good for',
      answer: async (): Promise<CertificatesView> => ({
        certificates: (await all()).flatMap((one) => viewOf(one, clock.wallMs())),
        replaceable: own.replace !== undefined,
        restorable: own.restore !== undefined && own.current()?.brought === true,
      }),
    }),
    route({
      ...{ method: 'GET', path: '/api/certificate', policy: 'engineer', query: which },
      summary: 'One certificate as PEM, without its key',
      async answer({ query, reply }) {
        const { pem } = await find(query.fingerprint);
        reply.type('application/x-pem-file');
        reply.header('content-disposition', 'attachment; filename="certificate.pem"');
        return pem;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/certificate-verdict', policy: 'engineer', body: verdict },
      summary:
        'Trusts the certificate of an OPC UA server or client, or does so no longer; from its next connection on',
      async answer({ body: { fingerprint, trust }, note }) {
        note({ target: fingerprint });
        const found = await find(fingerprint, ({ role }) => role === 'trusted' || role === 'rejected');
        const subject = lineOf(readable(found.pem)?.subject);
        note({ target: fingerprint, before: found.role, after: { role: trust ? 'trusted' : 'rejected', subject } });
        await certificates?.judge(found, trust ? 'trust' : 'reject');
        return {};
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/console-certificate', policy: 'owner', body: brought, maxBodyBytes },
      summary: 'Has the console show another certificate, from its next connection on; PEM, the chain after it',
      async answer({ body: { certificate, key }, note }) {
        const before = own.current()?.fingerprint ?? null;
        note({ target: 'console', before, after: null });
        if (!own.replace)
          throw consoleErrors.create(
            'CERTIFICATE-REFUSED',
            both('take the certificate: this console shows none of its own', '采用证书：此控制台不使用自己的证书'),
          );
        const { fingerprint } = await own.replace({ certificate, key });
        note({ target: 'console', before, after: fingerprint });
        return { fingerprint };
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/console-certificate-restore', policy: 'owner', body: nothing },
      summary:
        'Has the console show its self-signed certificate again, and deletes the one that was brought, with its key',
      async answer({ note }) {
        const shown = own.current();
        const before = shown?.fingerprint ?? null;
        note({ target: 'console', before });
        if (!own.restore || !shown?.brought)
          throw consoleErrors.create(
            'CERTIFICATE-REFUSED',
            both('go back to the self-signed certificate: nobody brought another', '换回自签证书：并未换上其他证书'),
          );
        const { fingerprint } = await own.restore();
        note({ target: 'console', before, after: fingerprint });
        return { fingerprint };
      },
    }),
  ];
}

function readable(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** As people compare it; what cannot be read is left out, whoever uses it tells of that. */
function viewOf({ use, where, role, pem }: KnownCertificate, nowMs: number): readonly CertificateView[] {
  const certificate = readable(pem);
  if (!certificate) return [];
  const span = spanOf(certificate);
  const { subject, issuer, subjectAltName = '', fingerprint, fingerprint256 } = certificate;
  return [
    {
      ...{ use, where, role, ...span, ...certificateAge(span, nowMs) },
      ...{ subject: lineOf(subject), issuer: lineOf(issuer), names: subjectAltName },
      ...{ fingerprint: fingerprint256, thumbprint: fingerprint.replaceAll(':', '').toLowerCase() },
    },
  ];
}

const lineOf = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ');
