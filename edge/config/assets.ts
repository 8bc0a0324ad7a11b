import type { Asset, SiteLimit } from '../core/asset.ts';
import { type Pack, type PackAsset, packAssetOf } from '../core/pack.ts';
import { meant } from '../core/suggest.ts';
import type { TagTable } from '../core/tag.ts';
import type { Text } from '../core/text.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml, Path } from './located-yaml.ts';
import type { BoundPoints } from './points.ts';
import { type Problem, problemAt } from './problem.ts';
import { judgeLimit, type LimitSubject, unstatedKinds } from './site-limits.ts';
import type { GatewayConfig } from './spec.ts';
import { configFixes, configTexts, limitTexts } from './texts.ts';

interface BuiltAssets {
  readonly assets: readonly Asset[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

type AssetEntry = GatewayConfig['assets'][number];

/** Binds roles to tags and checks them against the packs; every name that points nowhere becomes a located problem. */
export function buildAssets(
  yaml: LocatedYaml,
  config: GatewayConfig,
  bound: BoundPoints,
  tags: TagTable,
  packs: ReadonlyMap<string, Pack>,
): BuiltAssets {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const ids = new Set(config.assets.map((asset) => asset.id));
  const fed = new Set([...ids, ...config.devices.map((device) => device.id)]);
  const refuse = (path: Path, message: Text, fix?: Text) =>
    errors.push(yaml.problem(path, configErrors.create('REFERENCE', message), fix));
  for (const role of bound.roles) {
    if (ids.has(role.asset)) continue;
    const error = configErrors.create('REFERENCE', configTexts.noAsset(role.asset));
    errors.push(problemAt(role.place('asset'), error, meant(role.asset, ids)));
  }
  const assets = config.assets.map((entry, index): Asset => {
    const kind = packAssetOf(packs, entry.type);
    if (!kind) refuse(['assets', index, 'type'], configTexts.noPack(entry.type), meant(entry.type, knownTypes(packs)));
    entry.upstreamOf.forEach((other, position) => {
      if (!fed.has(other))
        refuse(['assets', index, 'upstreamOf', position], configTexts.nothingFed(other), meant(other, fed));
    });
    const roles = bindRoles(entry, index, bound, tags, kind, errors, refuse);
    if (kind) warnings.push(...roleWarnings(yaml, index, entry, kind, roles, tags));
    const stated = kind ? statedLimits(yaml, index, entry, { id: entry.id, kind, roles, tags }) : nothingStated;
    errors.push(...stated.errors);
    warnings.push(...stated.warnings);
    return {
      id: entry.id,
      type: entry.type,
      name: entry.name ?? entry.id,
      grid: entry.grid,
      location: entry.location,
      upstreamOf: entry.upstreamOf,
      roles,
      ...lawfulClientsOf(Object.values(roles), config, tags),
      ...stated.limits,
    };
  });
  warnings.push(...unstatedWarnings(yaml, config.assets, assets, packs));
  return { assets, errors, warnings };
}

/** Those of all devices that the tags come from, each address once. */
function lawfulClientsOf(
  roles: readonly number[],
  config: GatewayConfig,
  tags: TagTable,
): Pick<Asset, 'lawfulClients'> {
  const devices = new Set(roles.map((tag) => tags.at(tag).name.split('/', 1)[0]));
  const named = config.devices.filter(({ id }) => devices.has(id)).flatMap(({ lawfulClients = [] }) => lawfulClients);
  return named.length > 0 ? { lawfulClients: [...new Set(named)] } : {};
}

function knownTypes(packs: ReadonlyMap<string, Pack>): string[] {
  return [...packs.values()].flatMap((pack) => Object.keys(pack.assets).map((kind) => `${pack.pack}.${kind}`));
}

function bindRoles(
  entry: AssetEntry,
  index: number,
  bound: BoundPoints,
  tags: TagTable,
  kind: PackAsset | undefined,
  errors: Problem[],
  refuse: (path: Path, message: Text, fix?: Text) => void,
): Record<string, number> {
  const roles: Record<string, number> = {};
  for (const row of bound.roles) {
    const tag = tags.indexOf(row.tag);
    if (row.asset !== entry.id || tag === undefined) continue;
    if (kind && !kind.roles[row.role]) {
      const error = configErrors.create('REFERENCE', configTexts.noRole(entry.type, row.role));
      const fix = meant(row.role, Object.keys(kind.roles)) ?? configFixes.seeRoles;
      errors.push(problemAt(row.place('role'), error, fix));
    }
    roles[row.role] = tag;
  }
  for (const [role, name] of Object.entries(entry.roles)) {
    const path = ['assets', index, 'roles', role];
    if (kind && !kind.roles[role]) {
      refuse(path, configTexts.noRole(entry.type, role), meant(role, Object.keys(kind.roles)));
    }
    const tag = tags.indexOf(name);
    if (tag === undefined) {
      refuse(
        path,
        configTexts.noTag(name),
        meant(
          name,
          tags.definitions.map((definition) => definition.name),
        ),
      );
    } else if (tags.at(tag).shows === 'text') refuse(path, configTexts.textTag(name), configFixes.mapNumbers);
    else roles[role] = tag;
  }
  return roles;
}

function roleWarnings(
  yaml: LocatedYaml,
  index: number,
  entry: AssetEntry,
  kind: PackAsset,
  roles: Readonly<Record<string, number>>,
  tags: TagTable,
): Problem[] {
  const warnings: Problem[] = [];
  for (const [role, spec] of Object.entries(kind.roles)) {
    const tag = roles[role];
    if (tag === undefined) {
      if (!spec.required) continue;
      const error = configErrors.create('MISSING', configTexts.roleWithoutTag(entry.id, role));
      warnings.push(yaml.problem(['assets', index], error, configFixes.mapOrOff(role)));
    } else if (spec.unit !== tags.at(tag).unit) {
      const { name, unit } = tags.at(tag);
      const error = configErrors.create('UNIT', configTexts.roleUnit(role, spec.unit, name, unit));
      warnings.push(yaml.problem(['assets', index], error));
    }
  }
  return warnings;
}

interface Stated extends Pick<BuiltAssets, 'errors' | 'warnings'> {
  readonly limits?: Pick<Asset, 'limits'>;
}

const nothingStated: Stated = { errors: [], warnings: [] };

/** The limits that an asset has of its own, each judged where it stands. */
function statedLimits(yaml: LocatedYaml, index: number, entry: AssetEntry, subject: LimitSubject): Stated {
  if (!entry.limits) return nothingStated;
  const limits: Record<string, SiteLimit> = {};
  const [errors, warnings]: [Problem[], Problem[]] = [[], []];
  for (const [name, stated] of Object.entries(entry.limits)) {
    const judged = judgeLimit(name, stated, subject);
    if (judged.limit) limits[name] = judged.limit;
    for (const [remarks, problems] of [[judged.errors, errors] as const, [judged.warnings, warnings] as const])
      for (const { key, error, fix } of remarks)
        problems.push(yaml.problem(['assets', index, 'limits', name, ...(key ? [key] : [])], error, fix));
  }
  return { limits: { limits }, errors, warnings };
}

/** So many assets are named of those that are alike. */
const mostNamed = 3;

/** Of each type what no site has stated of it, told once, at the first asset. */
function unstatedWarnings(
  yaml: LocatedYaml,
  entries: readonly AssetEntry[],
  assets: readonly Asset[],
  packs: ReadonlyMap<string, Pack>,
): Problem[] {
  const open = assets.flatMap(({ id, type, roles }, index) => {
    const kind = packAssetOf(packs, type);
    const kinds = kind ? unstatedKinds(kind, roles, entries[index]?.limits ?? {}) : [];
    return kinds.length > 0 ? [{ id, type, kinds, index }] : [];
  });
  return [...Map.groupBy(open, ({ type }) => type)].map(([type, alike]) => {
    const kinds = [...new Set(alike.flatMap((one) => one.kinds))];
    const ids = alike.slice(0, mostNamed).map(({ id }) => id);
    const error = configErrors.create('SITE', limitTexts.ofPack(type, kinds, ids, alike.length - ids.length));
    const [{ index }] = alike as [(typeof alike)[number]];
    return yaml.problem(['assets', index], error, configFixes.stateLimits(kinds[0] ?? ''));
  });
}
