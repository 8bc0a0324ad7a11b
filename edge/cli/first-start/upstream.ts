import type { FirstUpstream } from '../../console/first-start-api.ts';
import { mqttJsonOptions } from '../../upstream/mqtt-json/options.ts';
import { tryBroker } from '../../upstream/mqtt-json/trial.ts';
import { secretNamed } from './first-secret.ts';

/** Under which the password at the broker is kept. */
export const upstreamPassword = 'upstream-password';
const id = 'upstream';

/** The `sinks:` entry of a broker, with `password` as its password there; none while there is no address. */
const entryOf = ({ url, user, ca }: FirstUpstream, password: unknown) => ({
  ...{ id, sink: 'mqtt-json', url },
  ...(user === '' ? {} : { username: user }),
  ...(password === '' ? {} : { password }),
  ...(ca === '' ? {} : { tls: { ca: ca.trim() } }),
});

/** What `gateway.yaml` says of the broker; its password stands elsewhere, by its name. */
export const sinksOf = (upstream: FirstUpstream) =>
  upstream.url === ''
    ? {}
    : { sinks: [entryOf(upstream, upstream.password === '' ? '' : secretNamed(upstreamPassword))] };

/** Connects to the broker as the gateway would. */
export async function tryUpstream(upstream: FirstUpstream, gateway: string): Promise<void> {
  const options = mqttJsonOptions.parse(entryOf(upstream, upstream.password));
  const documents = upstream.ca === '' ? {} : { 'tls.ca': upstream.ca.trim() };
  await tryBroker(id, options, { gateway, documents });
}
