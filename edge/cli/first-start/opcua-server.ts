import { browse } from '../../../drivers/opcua/browse.ts';
import { judgeCertificate } from '../../../drivers/opcua/certificates.ts';
import { discover, type OfferedEndpoint } from '../../../drivers/opcua/discovery.ts';
import { modes, policies } from '../../../drivers/opcua/options.ts';
import { pointHeader, pointRows } from '../../../drivers/opcua/point-rows.ts';
import { loadStack } from '../../../drivers/opcua/stack.ts';
import { consoleErrors } from '../../console/errors.ts';
import type { DevicePlace, DeviceSighting, ServerOffer } from '../../console/first-start-api.ts';
import type { Clock } from '../../core/clock.ts';
import { errorWithin, LifelineError } from '../../core/errors.ts';
import { both } from '../../core/text.ts';
import { driverState } from '../opcua.ts';
import { assertEndpoint, type LinkOptions, withLink } from '../opcua-link.ts';

const answerMs = 2_000;
/** Levels of a server that are looked through for points. */
const browseDepth = 8;

/** The OPC UA server that a gateway begins with. `dataDir` is where it keeps whom it trusts. */
export class FirstServer {
  private readonly dataDir: string;
  private readonly clock: Clock;

  constructor(dataDir: string, clock: Clock) {
    this.dataDir = dataDir;
    this.clock = clock;
  }

  /** How the server may be reached, the safest way first. Nothing is trusted by asking. */
  async offers(endpoint: string): Promise<readonly ServerOffer[]> {
    return reaching(endpoint, async () => {
      assertEndpoint(endpoint);
      const ask = { endpoint, stateDir: driverState(this.dataDir), clock: this.clock, timeoutMs: answerMs };
      return offersOf(await discover(await loadStack(), ask));
    });
  }

  /** Trusts a certificate that a server showed when it was asked. */
  async trust(thumbprint: string): Promise<void> {
    await judgeCertificate(await loadStack(), driverState(this.dataDir), this.clock, 'trust', thumbprint);
  }

  /** The points of the server, reached as is wished. */
  async look({ endpoint, security, user, password }: DevicePlace): Promise<DeviceSighting> {
    let cells: DeviceSighting['cells'] = [];
    const options = {
      ...(security ?? safest),
      ...(user === '' ? {} : { user, password }),
      ...{ data: this.dataDir, timeout: answerMs },
    } as LinkOptions;
    await reaching(endpoint, () =>
      withLink(endpoint, options, async ({ stack, session, limits }) => {
        const { nodes } = await browse(stack, session, 'i=85', browseDepth, limits);
        cells = [pointHeader, ...pointRows(nodes)];
      }),
    );
    return { identity: '', cells };
  }
}

/** What is wished of a server that was never asked. */
const safest = { policy: 'Basic256Sha256', mode: 'SignAndEncrypt' } as const;

/** Keys of a device in `gateway.yaml` that say how its server is reached; the password stands elsewhere, by that name. */
export const serverKeys = ({ security, user }: DevicePlace) => ({
  security: security ?? safest,
  ...(user === '' ? {} : { user }),
});

async function reaching<Found>(endpoint: string, act: () => Promise<Found>): Promise<Found> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    const why = errorWithin(error);
    throw consoleErrors.create(
      'NO-DEVICE',
      both(`look at ${endpoint}: ${why.en}`, `试连 ${endpoint}：${why.zh}`),
      error,
    );
  }
}

/** Ways that the product can go, each once: encrypted before signed before open, then the stronger policy. */
function offersOf(found: readonly OfferedEndpoint[]): readonly ServerOffer[] {
  const rank = ({ policy, mode }: Pick<ServerOffer, 'policy' | 'mode'>) => {
    const [byMode, byPolicy] = [
      (modes as readonly string[]).indexOf(mode),
      (policies as readonly string[]).indexOf(policy),
    ];
    return byMode < 0 || byPolicy < 0 ? -1 : byMode * policies.length + byPolicy;
  };
  const known = found.filter((one) => rank(one) >= 0);
  const once = new Map(known.map((one) => [rank(one), one]));
  return [...once.entries()]
    .sort(([a], [b]) => b - a)
    .map(([, { policy, mode, users, certificate, trusted }]) => ({
      ...{ policy, mode, users, trusted: trusted ?? false },
      certificate: certificate && {
        ...{ thumbprint: certificate.thumbprint, subject: certificate.subject },
        ...{ validFrom: certificate.validFrom, validTo: certificate.validTo },
      },
    }));
}
