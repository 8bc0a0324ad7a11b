import { z } from 'zod';
import { isLoopback } from '../../core/loopback.ts';
import type { Remark } from '../../core/remark.ts';
import { both } from '../../core/text.ts';
import { opcuaServerErrors } from './errors.ts';

/** Security policies (Part 7, 6.6) by name; the deprecated SHA-1 ones are not offered. */
const policies = ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;

/** Keys of a `sinks:` entry with `sink: opcua`. */
export const opcuaOptions = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every network card.'),
  port: z.int().min(1).max(65_535).default(4840).describe('TCP port.'),
  policies: z
    .array(z.enum(policies))
    .min(1)
    .default(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'])
    .describe('Security policies that are offered. None, which protects nothing, must be asked for by name.'),
  trustUnknown: z
    .boolean()
    .default(false)
    .describe('Accept certificates of clients that nobody has trusted yet; only while commissioning.'),
  anonymous: z.boolean().default(false).describe('Whether clients may read without signing in.'),
  users: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(64).describe('User name.'),
        password: z.string().min(8).max(256).describe('Password; use !secret.'),
      }),
    )
    .max(64)
    .default([])
    .describe('Who may read.'),
  maxSessions: z.int().min(1).max(100).default(20).describe('Clients that may be connected at the same time.'),
});

export type OpcuaOptions = z.output<typeof opcuaOptions>;

/** What is to be said of an entry beyond its keys. */
export function reviewOpcua({ host, policies, trustUnknown, anonymous, users }: OpcuaOptions): readonly Remark[] {
  if (users.length === 0 && !anonymous) {
    const error = opcuaServerErrors.create('NO-USERS', both('nobody may sign in', '没有人可以登录'));
    return [{ path: ['users'], severity: 'error', error }];
  }
  const open = policies.includes('None') ? 'policies' : trustUnknown ? 'trustUnknown' : undefined;
  if (open === undefined || isLoopback(host)) return [];
  const error = opcuaServerErrors.create(
    'UNPROTECTED',
    both(`${open} leaves the server on ${host} open to everybody`, `${open} 使 ${host} 上的服务器对所有人开放`),
  );
  return [{ path: [open], severity: 'warning', error }];
}
