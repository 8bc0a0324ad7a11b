import { X509Certificate } from 'node:crypto';
import { drivers } from '../../drivers/registry.ts';
import type { ConsoleCertificates, KnownCertificate } from '../console/certificate-api.ts';
import type { Clock } from '../core/clock.ts';
import type { Configured } from './configured.ts';

interface DeskParts {
  readonly configured: () => Configured;
  /** Where drivers keep their certificates. */
  readonly stateDir: string;
  readonly clock: Clock;
}

/** Every certificate of a gateway but the one of its console: of drivers and their devices, and of sinks. */
export function certificateDesk({ configured, stateDir, clock }: DeskParts): ConsoleCertificates {
  const stores = drivers.flatMap(({ name, certificates }) => (certificates ? [{ name, certificates }] : []));

  async function ofDrivers(): Promise<readonly KnownCertificate[]> {
    const { devices } = configured().loaded;
    const listed = stores.map(({ name, certificates }) => {
      const own = devices.filter(({ driver }) => driver === name).map(({ definition }) => definition);
      return certificates.list(stateDir, own);
    });
    const all = (await Promise.all(listed)).flat();
    return all.map((one) => ({ ...one, use: one.where === '' ? 'opcua' : 'device' }));
  }

  const ofSinks = (): readonly KnownCertificate[] =>
    configured().sinks.flatMap(({ entry, certificates }) =>
      certificates.map(({ place, role, pem }) => ({ use: 'sink', where: `${entry.id}: ${place}`, role, pem }) as const),
    );

  return {
    list: async () => [...(await ofDrivers()), ...ofSinks()],
    async judge({ pem }, verdict) {
      const { fingerprint } = new X509Certificate(pem);
      for (const { certificates } of stores) await certificates.judge(stateDir, clock, fingerprint, verdict);
    },
  };
}
