import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import opcua from 'node-opcua';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, ownPair } from '../../drivers/opcua/certificates.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { realClock } from '../../edge/core/clock.ts';
import { device, folder, freePort, node, watch } from '../drivers/opcua-server.ts';

/** What the server saw of the newest session: channel and user, as it understands them. */
interface Seen {
  readonly policy: string;
  readonly mode: string;
  readonly user: string;
}
let server: opcua.OPCUAServer;
let endpoint: string;
let newest: Seen | undefined;

/** A server as node-opcua's own guide builds one, with every policy and mode; nothing of the driver is in it. */
beforeAll(async () => {
  const { MessageSecurityMode, SecurityPolicy } = opcua;
  const certificates = (name: string) =>
    new opcua.OPCUACertificateManager({
      rootFolder: join(folder, name),
      automaticallyAcceptUnknownCertificate: true,
    });
  const port = await freePort();
  server = new opcua.OPCUAServer({
    port,
    hostname: '127.0.0.1',
    nodeset_filename: [opcua.nodesets.standard],
    serverCertificateManager: certificates('server'),
    userCertificateManager: certificates('users'),
    securityPolicies: [
      SecurityPolicy.None,
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    userManager: { isValidUser: (name: string, password: string) => name === 'joe' && password === 'pässword ✓' },
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  const temp = space.getOwnNamespace().addVariable({
    ...{ organizedBy: space.rootFolder.objects, nodeId: 's=temp', browseName: 'temp', dataType: 'Double' },
  });
  temp.setValueFromSource({ dataType: opcua.DataType.Double, value: 21.5 });
  server.on('session_activated', ({ channel, userIdentityToken }) => {
    const policy = channel?.securityPolicy?.split('#')[1] ?? '';
    const mode = String(MessageSecurityMode[channel?.securityMode ?? 0]);
    newest = { policy, mode, user: String(userIdentityToken?.constructor.name) };
  });
  await server.start();
  endpoint = `opc.tcp://127.0.0.1:${port}`;
  await openStore(opcua, folder, realClock());
  await writeFile(join(folder, 'joe'), 'pässword ✓\n');
}, 60_000);
afterAll(() => server.shutdown(50));

const pairs = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'].flatMap((policy) =>
  ['Sign', 'SignAndEncrypt'].map((mode) => [policy, mode] as const),
);

describe.each([['None', 'None'] as const, ...pairs])('the standard server with %s and %s', (policy, mode) => {
  test.each(['AnonymousIdentityToken', 'UserNameIdentityToken', 'X509IdentityToken'])(
    'is read by %s',
    async (user) => {
      const { certificateFile, privateKeyFile } = ownPair(folder);
      const login = {
        AnonymousIdentityToken: {},
        UserNameIdentityToken: { user: 'joe', passwordFile: join(folder, 'joe') },
        X509IdentityToken: { userCertificate: certificateFile, userKey: privateKeyFile },
      }[user];
      const security = { policy, mode, trustUnknown: true };
      const definition = device(endpoint, [node(0, 'temp')], { security, ...login });
      opcuaDriver.validate(definition);
      const seen = await watch(definition);
      await seen.until(() => seen.newest.get(0)?.value === 21.5);
      expect(newest).toEqual({ policy, mode, user });
      await seen.session.close();
    },
    30_000,
  );
});

test('the standard server refuses a wrong password by every policy, and the driver says whose', async () => {
  for (const [policy, mode] of pairs) {
    const security = { policy, mode, trustUnknown: true };
    const wrong = device(endpoint, [node(0, 'temp')], { security, user: 'joe', password: 'password' });
    const identity = { code: 'LL-OPCUA-IDENTITY', message: expect.stringContaining('user "joe"') };
    await expect(watch(wrong)).rejects.toMatchObject(identity);
  }
}, 60_000);
