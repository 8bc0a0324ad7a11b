import { certificatesOf } from '../broker-certificates.ts';
import { openLink } from '../mqtt-link.ts';
import type { MqttJsonOptions } from './options.ts';
import { clientIdOf } from './sink.ts';

/**
 * Whether a sink of these options would come through to its broker: one connection under the name that the sink has
 * there, and a round trip. Nothing is published, no will is left. Rejects with the codes of the sink itself.
 */
export async function tryBroker(
  id: string,
  options: MqttJsonOptions,
  { gateway, documents }: { readonly gateway: string; readonly documents: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { url, protocol, username, password } = options;
  const account = { clientId: clientIdOf(gateway, id), username, password };
  const wish = { url, protocol, ...account, certificates: certificatesOf(options, documents) };
  const link = await openLink(wish, new AbortController().signal);
  await Promise.race([link.roundTrip(), link.closed.then((reason) => Promise.reject(reason))]);
  await link.leave();
}
