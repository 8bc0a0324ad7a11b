import { z } from 'zod';
import type { Text } from '../../edge/core/text.ts';
import { type DeviceDefinition, type DevicePoint, isTextType, isTimeType } from '../api.ts';
import { opcuaErrors } from './errors.ts';
import { parseNode } from './node-address.ts';
import { opcuaTexts } from './texts.ts';

/** Security policies (Part 7, 6.6) by name; the deprecated SHA-1 ones are not offered. */
export const policies = ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;
export const modes = ['None', 'Sign', 'SignAndEncrypt'] as const;
/** Least time that may be configured for one answer; the stack's own floor of five seconds would hide what is set. */
export const minTimeoutMs = 500;

const endpointForm = /^opc\.tcp:\/\/(\[[0-9a-fA-F:.%]+\]|[^\s:/[\]]+)(:\d{1,5})?(\/\S*)?$/;

const security = z
  .strictObject({
    policy: z.enum(policies).describe('Security policy. None, which protects nothing, must be asked for by name.'),
    mode: z.enum(modes).optional().describe('Message security; SignAndEncrypt unless the policy is None.'),
    trustUnknown: z
      .boolean()
      .default(false)
      .describe('Accept a server certificate that nobody has trusted yet; only while commissioning.'),
  })
  .describe('How the channel to the server is protected.');

/** Keys of an OPC UA device in `gateway.yaml`. */
export const options = z.object({
  security,
  endpoints: z
    .array(z.string())
    .max(8)
    .default([])
    .describe('Further endpoints of a redundant server, in order; the first that answers is used.'),
  subscribe: z.boolean().default(true).describe('Whether to subscribe; otherwise the server is asked at every period.'),
  queueSize: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Values the server keeps of one point between two messages; the newest win.'),
  serverDeadband: z
    .boolean()
    .default(false)
    .describe('Let the server hold back changes within the deadband of a point; history and detection lose them too.'),
  user: z.string().min(1).optional().describe('User name on the server; anonymous when left out.'),
  password: z.string().optional().describe('Password of the user; better in a file, see passwordFile.'),
  passwordFile: z
    .string()
    .min(1)
    .optional()
    .describe('File whose first line is the password; a relative path starts where the gateway was started.'),
  userCertificate: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file with the certificate of the user, instead of name and password; needs userKey.'),
  userKey: z.string().min(1).optional().describe('PEM file with the private key of userCertificate.'),
  timeoutMs: z.int().min(minTimeoutMs).max(60_000).default(5000).describe('How long to wait for one answer, ms.'),
});

export type OpcuaOptions = z.output<typeof options>;

export const isEndpoint = (text: string): boolean => endpointForm.test(text);

/** Throws coded errors for what can be judged without touching network or disk. */
export function validate(device: DeviceDefinition): void {
  if (!isEndpoint(device.endpoint)) {
    throw opcuaErrors.create('ENDPOINT', opcuaTexts.endpoint(device.endpoint, device.id));
  }
  for (const point of device.points) {
    const what = oddity(point);
    if (what !== undefined) throw opcuaErrors.create('POINT', opcuaTexts.point(point.name, device.id, what));
  }
  const bad = options.parse(device.options).endpoints.find((endpoint) => !isEndpoint(endpoint));
  if (bad !== undefined) throw opcuaErrors.create('ENDPOINT', opcuaTexts.endpoint(bad, device.id));
  const contradiction = contradictionIn(options.parse(device.options));
  if (contradiction) throw opcuaErrors.create('OPTIONS', opcuaTexts.options(device.id, contradiction));
}

function oddity({ node, type, writable }: DevicePoint): Text | undefined {
  if (node === '') return opcuaTexts.noNode;
  if (!parseNode(node)) return opcuaTexts.badNode(node);
  const unwritable = writable && (isTextType(type) || isTimeType(type));
  return unwritable ? opcuaTexts.noWriting(type) : undefined;
}

function contradictionIn(given: OpcuaOptions): Text | undefined {
  const { policy, mode = policy } = given.security;
  if ((policy === 'None') !== (mode === 'None')) return opcuaTexts.noSuchMode(policy, mode);
  const { user, password, passwordFile, userCertificate, userKey } = given;
  if (password !== undefined && passwordFile !== undefined) return opcuaTexts.twoPasswords;
  if ((password ?? passwordFile) !== undefined && user === undefined) return opcuaTexts.noUser;
  if ((userCertificate === undefined) !== (userKey === undefined)) return opcuaTexts.certificateAlone;
  if (userCertificate !== undefined && user !== undefined) return opcuaTexts.twoUsers;
  return undefined;
}
