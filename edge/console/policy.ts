import type { LifelineError } from '../core/errors.ts';
import { consoleErrors } from './errors.ts';

/** What whoever reaches the console may do, each all that those before it may. There are no accounts yet: all share one role. */
export const consoleRoles = ['viewer', 'operator', 'engineer'] as const;
export type ConsoleRole = (typeof consoleRoles)[number];

/**
 * What a route may be used for. `read`: answers a question; `live`: opens the feed; `act`: an operator's work with alarms;
 * `steer`: an engineer's, changes what the gateway goes by; `signed`: another system's, which proves by its signature who it is.
 * A WebSocket is not bound by the same-origin rule of browsers, and neither is a plain POST, so both must show their origin.
 */
export type RoutePolicy = 'read' | 'live' | 'act' | 'steer' | 'signed';

/** The least role that each asks for. */
const leastRole: Readonly<Record<RoutePolicy, ConsoleRole>> = {
  read: 'viewer',
  live: 'viewer',
  act: 'operator',
  steer: 'engineer',
  signed: 'viewer',
};

/** The facts of a request that admission rests on; Referer and forwarded headers are not among them on purpose. */
export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which scripts cannot forge. */
  readonly fetchSite: string | undefined;
}

/** Names under which a loopback listener is reached. */
const loopbackNames = ['127.0.0.1', 'localhost'] as const;

/** Whether the console may listen there in this version. */
export const isLoopback = (host: string): boolean => (loopbackNames as readonly string[]).includes(host);

/** The reason why a request is refused, or undefined when it may pass. Denies whatever has no policy. */
export function refusal(
  policy: RoutePolicy | undefined,
  facts: RequestFacts,
  { port, role }: { readonly port: number; readonly role: ConsoleRole },
): LifelineError | undefined {
  const host = facts.host?.toLowerCase();
  if (
    host === undefined ||
    !loopbackNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name))
  ) {
    return consoleErrors.create(
      'HOST',
      `refuse request for host "${printable(facts.host)}": this is 127.0.0.1:${port}`,
    );
  }
  if (policy === undefined) return consoleErrors.create('POLICY', 'refuse request: the route has no policy');
  const foreign = facts.origin !== undefined && (facts.origin !== `http://${host}` || policy === 'signed');
  const missing = facts.origin === undefined && policy !== 'read' && policy !== 'signed';
  const crossSite = facts.fetchSite === 'cross-site' || facts.fetchSite === 'same-site';
  if (foreign || missing || (crossSite && policy !== 'read')) {
    return consoleErrors.create(
      'ORIGIN',
      `refuse ${policy} request from origin "${printable(facts.origin)}": only http://${host} may`,
    );
  }
  const least = leastRole[policy];
  if (consoleRoles.indexOf(role) >= consoleRoles.indexOf(least)) return undefined;
  return consoleErrors.create('ROLE', `refuse ${policy} request: it needs role ${least}, this console has ${role}`);
}

/** A header as it may stand in a message: bounded, no control characters. */
function printable(header: string | undefined): string {
  return (header ?? 'none').slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}

/** Sent with every answer. No inline script or style, no framing, no sniffing, nothing from elsewhere. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};
