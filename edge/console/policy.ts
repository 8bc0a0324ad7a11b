import type { LifelineError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { both } from '../core/text.ts';
import { consoleErrors } from './errors.ts';
import { type Caller, grantNames, provesItself, type RoutePolicy, reaches } from './grants.ts';

/** The facts of a request that admission rests on; Referer and forwarded headers are not among them on purpose. */
export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which scripts cannot forge. */
  readonly fetchSite: string | undefined;
  /** Whether it may change something, or opens the feed: neither is bound by the same-origin rule of browsers. */
  readonly acts: boolean;
}

/** Where a console listens, as its callers must call it. */
export interface OwnPlace {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly loopback: boolean;
  /** Further names, with port where it is not the own one. */
  readonly names: readonly string[];
}

/** An address in a Host header, which nobody's DNS can point elsewhere. */
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

/**
 * The reason why a request is refused before anybody looks who asks, or undefined. A name that DNS resolves may be made to
 * point here by somebody else, so beside loopback names only addresses and configured names pass.
 */
export function misdirection(facts: RequestFacts, place: OwnPlace): LifelineError | undefined {
  const host = facts.host?.toLowerCase();
  const own = `${place.scheme}://${host}`;
  if (host === undefined || !isOwn(host, place)) {
    return consoleErrors.create(
      'HOST',
      both(
        `refuse request for host "${printable(facts.host)}": this is another one`,
        `拒绝对主机“${printable(facts.host)}”的请求：这里不是该主机`,
      ),
    );
  }
  const foreign = facts.origin !== undefined && facts.origin !== own;
  const crossSite = facts.fetchSite === 'cross-site' || facts.fetchSite === 'same-site';
  if (foreign || (crossSite && facts.acts)) {
    return consoleErrors.create(
      'ORIGIN',
      both(
        `refuse request from origin "${printable(facts.origin)}": only ${own} may`,
        `拒绝来自“${printable(facts.origin)}”的请求：只接受 ${own}`,
      ),
    );
  }
  return undefined;
}

function isOwn(host: string, { scheme, port, loopback, names }: OwnPlace): boolean {
  const usual = port === (scheme === 'https' ? 443 : 80);
  const bare = host.endsWith(`:${port}`) ? host.slice(0, -`:${port}`.length) : usual ? host : undefined;
  if (names.some((name) => name === host || name === bare)) return true;
  if (bare === undefined) return false;
  return isLoopback(bare) || (!loopback && address.test(bare));
}

/** The reason why a caller is refused, or undefined when they may pass. Denies whatever has no policy. */
export function refusal(
  policy: RoutePolicy | undefined,
  facts: RequestFacts,
  caller: Caller,
): LifelineError | undefined {
  if (policy === undefined)
    return consoleErrors.create(
      'POLICY',
      both('refuse request: the route has no policy', '拒绝请求：该接口没有声明策略'),
    );
  if (policy === 'signed' && facts.origin !== undefined)
    return consoleErrors.create(
      'ORIGIN',
      both(
        'refuse request of a page: only signed ones of other systems pass',
        '拒绝页面发来的请求：只接受其他系统签名的请求',
      ),
    );
  const unbidden = caller.way === 'session' || caller.way === 'local';
  if (facts.acts && !provesItself(policy) && unbidden && facts.origin === undefined) {
    return consoleErrors.create(
      'ORIGIN',
      both('refuse request that does not say from which page it comes', '拒绝未说明来自哪个页面的请求'),
    );
  }
  if (reaches(caller.grant, policy)) return undefined;
  if (caller.way === 'none')
    return consoleErrors.create('SIGN-IN', both('refuse request: nobody is signed in', '拒绝请求：尚未登录'));
  return consoleErrors.create(
    'ROLE',
    both(
      `refuse request: it needs ${policy}, ${caller.name} has ${caller.grant}`,
      `拒绝请求：需要“${grantNames[policy].zh}”角色，${caller.name} 为“${grantNames[caller.grant].zh}”`,
    ),
  );
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
