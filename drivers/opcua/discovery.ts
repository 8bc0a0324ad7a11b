import { Buffer } from 'node:buffer';
import type { Clock } from '../../edge/core/clock.ts';
import { both } from '../../edge/core/text.ts';
import { type CertificateInfo, describeCertificate, openStore } from './certificates.ts';
import { clientOptions } from './client-options.ts';
import { opcuaErrors, stackText } from './errors.ts';
import { bounded, within } from './patience.ts';
import type { OpcuaStack } from './stack.ts';

/** What a server offers at one endpoint. */
export interface OfferedEndpoint {
  readonly endpoint: string;
  readonly policy: string;
  readonly mode: string;
  /** Ways to say who one is: Anonymous, UserName, Certificate. */
  readonly users: readonly string[];
  /** The server's certificate; null where it shows none. */
  readonly certificate: CertificateInfo | null;
  /** Whether the gateway trusts that certificate; null where there is none to trust. */
  readonly trusted: boolean | null;
}

export interface DiscoveryOptions {
  readonly endpoint: string;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Asks a server for its endpoints, without security as Part 4, 5.5.4 allows. A certificate nobody has judged yet lands
 * among the rejected ones, from where it can be trusted. Rejects with CONNECT when nothing answers.
 */
export async function discover(
  stack: OpcuaStack,
  { endpoint, stateDir, clock, timeoutMs }: DiscoveryOptions,
): Promise<readonly OfferedEndpoint[]> {
  const store = await openStore(stack, stateDir, clock);
  const client = stack.OPCUAClient.create({
    ...clientOptions(store, timeoutMs),
    transportTimeout: 2 * timeoutMs,
  });
  try {
    const offered = await within(2 * timeoutMs, { clock }, undefined, async () => {
      await client.connect(endpoint);
      return client.getEndpoints();
    });
    const found: OfferedEndpoint[] = [];
    for (const { endpointUrl, securityPolicyUri, securityMode, serverCertificate, userIdentityTokens } of offered) {
      const shown = serverCertificate && serverCertificate.length > 0 ? Buffer.from(serverCertificate) : undefined;
      const users = (userIdentityTokens ?? []).map(({ tokenType }) => String(stack.UserTokenType[tokenType]));
      found.push({
        endpoint: endpointUrl ?? endpoint,
        policy: (securityPolicyUri ?? '').split('#')[1] ?? '',
        mode: String(stack.MessageSecurityMode[securityMode]),
        users: [...new Set(users)],
        certificate: shown ? describeCertificate(shown) : null,
        trusted: shown ? (await store.getTrustStatus(shown)).name === 'Good' : null,
      });
    }
    return found;
  } catch (cause) {
    throw opcuaErrors.create(
      'CONNECT',
      both(`ask ${endpoint} for its endpoints: ${stackText(cause)}`, `查询 ${endpoint} 的端点：“${stackText(cause)}”`),
      cause,
    );
  } finally {
    await bounded(client.disconnect(), { clock });
  }
}
