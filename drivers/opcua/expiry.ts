import { readFile } from 'node:fs/promises';
import { certificateAge, certificateWarningDays, endsSoon, spanOf } from '../../edge/core/certificate-age.ts';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { both, type Text } from '../../edge/core/text.ts';
import type { DeviceNotice, DriverHost } from '../api.ts';
import { type CertificateInfo, describeCertificate, ownPair } from './certificates.ts';
import { opcuaErrors } from './errors.ts';

const dayMs = 86_400_000;

/** Whether the own certificate of a state folder ends within 30 days, or has ended. */
export async function ownExpiry(stateDir: string, clock: Clock): Promise<DeviceNotice> {
  const info = describeCertificate(await readFile(ownPair(stateDir).certificateFile));
  return expiryOf(info, clock, {
    kind: 'own-certificate-ends',
    code: 'CERTIFICATE-ENDS',
    whose: both('own certificate', '本机证书'),
  });
}

/** The same of a server's certificate, in DER form. */
export function serverExpiry(target: string, certificate: Buffer, clock: Clock): DeviceNotice {
  const whose = both(`${target}: certificate of the server`, `${target}：服务器证书`);
  const naming = { kind: 'server-certificate-ends', code: 'SERVER-CERTIFICATE-ENDS', whose } as const;
  return expiryOf(describeCertificate(certificate), clock, naming);
}

interface Naming {
  readonly kind: DeviceNotice['kind'];
  readonly code: 'CERTIFICATE-ENDS' | 'SERVER-CERTIFICATE-ENDS';
  readonly whose: Text;
}

function expiryOf(info: CertificateInfo, clock: Clock, { kind, code, whose }: Naming): DeviceNotice {
  const { thumbprint, validTo } = info;
  const age = certificateAge(spanOf(info), clock.wallMs());
  if (!endsSoon(age)) return { kind, active: false };
  const { daysLeft: observed } = age;
  const when =
    age.standing === 'ended' ? both('has ended', '已到期') : both(`ends in ${observed} days`, `${observed} 天后到期`);
  const text = both(
    `${whose.en} ${thumbprint} ${when.en} (${validTo})`,
    `${whose.zh} ${thumbprint} ${when.zh}（${validTo}）`,
  );
  const error = opcuaErrors.create(code, text);
  return { kind, active: true, error, observed, limit: certificateWarningDays, unit: 'd' };
}

export interface ExpiryWatch {
  readonly device: string;
  readonly target: string;
  /** The certificate the server showed, in DER form. */
  readonly server: Buffer | undefined;
  readonly host: DriverHost;
  notice(notice: DeviceNotice): void;
}

/** Looks at both certificates of a link now and each day. Returns what stops it. */
export function watchExpiry({ device, target, server, host, notice }: ExpiryWatch): () => void {
  const { clock, log, stateDir } = host;
  let stopped = false;
  let timer: Timer | undefined;

  async function look() {
    // a certificate that this runtime cannot read is for the channel to refuse, not for this watch
    const looks = [ownExpiry(stateDir, clock), (async () => server && serverExpiry(target, server, clock))()];
    const [own, shown] = await Promise.all(looks.map((one) => one.catch(() => undefined)));
    if (stopped) return;
    timer = clock.after(dayMs, look);
    for (const found of [own, shown]) {
      if (!found) continue;
      if (found.active) log.warn({ code: found.error.code, device, next: found.error.next }, found.error.message);
      notice(found);
    }
  }

  void look();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
