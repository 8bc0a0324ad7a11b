import { both, type Text } from '../core/text.ts';

/** What people may do with a console, each all that those before may. */
export const consoleRoles = ['viewer', 'operator', 'engineer', 'owner'] as const;
export type ConsoleRole = (typeof consoleRoles)[number];

/**
 * The ladder on which routes and callers stand. `open` is whoever reaches the console; `metrics` reads figures of the
 * gateway itself and nothing of the plant.
 */
const grants = ['open', 'metrics', ...consoleRoles] as const;
export type Grant = (typeof grants)[number];

/**
 * The least grant that a route asks for. One that is `open` must ask for its own proof where it changes anything; one that
 * is `signed` takes the request as it came, from no browser, and its signature is the proof.
 */
export type RoutePolicy = Grant | 'signed';

/** What people call them, on pages and in refusals. */
export const grantNames: Readonly<Record<RoutePolicy, Text>> = {
  open: both('Everybody', '所有人'),
  signed: both('Signed requests', '签名请求'),
  metrics: both('Metrics only', '仅运行指标'),
  viewer: both('Viewer', '查看'),
  operator: both('Operator', '值班员'),
  engineer: both('Engineer', '工程师'),
  owner: both('Owner', '所有者'),
};

/** What a token may be made for; the accounts themselves are for people only. */
export const tokenScopes = ['metrics', 'viewer', 'operator', 'engineer'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly grant: Grant;
  /** How they have shown who they are; `local`: they are on this machine, which is trusted. */
  readonly way: 'none' | 'local' | 'session' | 'token';
}

/** Whoever has not shown who they are. */
export const nobody: Caller = { name: '', grant: 'open', way: 'none' };

/** Whether a grant reaches a policy. */
export const reaches = (grant: Grant, policy: RoutePolicy): boolean =>
  policy === 'signed' || grants.indexOf(grant) >= grants.indexOf(policy);

/** Whether a route looks after its proof itself, so that nobody need ask who calls. */
export const provesItself = (policy: RoutePolicy | undefined): boolean => policy === 'open' || policy === 'signed';

/** In whose name something is done: an account's own always; a token or the local machine may speak for a person. */
export function signature({ name, way }: Caller, by: string | undefined): string {
  if (by === undefined || way === 'session') return name;
  return way === 'token' ? `${by} (${name})` : by;
}
