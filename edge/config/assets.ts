import type { Asset } from '../core/asset.ts';
import { type Pack, type PackAsset, packAssetOf } from '../core/pack.ts';
import { suggest } from '../core/suggest.ts';
import type { TagTable } from '../core/tag.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml, Path } from './located-yaml.ts';
import type { BoundPoints } from './points.ts';
import { type Problem, problemAt } from './problem.ts';
import type { GatewayConfig } from './spec.ts';

interface BuiltAssets {
  readonly assets: readonly Asset[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

type AssetEntry = GatewayConfig['assets'][number];

const near = (word: string, known: Iterable<string>) => {
  const found = suggest(word, known);
  return found ? `did you mean "${found}"?` : undefined;
};

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
  const refuse = (path: Path, message: string, fix?: string) =>
    errors.push(yaml.problem(path, configErrors.create('REFERENCE', message), fix));
  for (const role of bound.roles) {
    if (ids.has(role.asset)) continue;
    const error = configErrors.create('REFERENCE', `asset "${role.asset}" does not exist`);
    errors.push(problemAt(role.place('asset'), error, near(role.asset, ids)));
  }
  const assets = config.assets.map((entry, index): Asset => {
    const kind = packAssetOf(packs, entry.type);
    if (!kind)
      refuse(['assets', index, 'type'], `no pack describes "${entry.type}"`, near(entry.type, knownTypes(packs)));
    entry.upstreamOf.forEach((other, position) => {
      if (!ids.has(other))
        refuse(['assets', index, 'upstreamOf', position], `asset "${other}" does not exist`, near(other, ids));
    });
    const roles = bindRoles(entry, index, bound, tags, kind, errors, refuse);
    if (kind) warnings.push(...roleWarnings(yaml, index, entry, kind, roles, tags));
    return {
      id: entry.id,
      type: entry.type,
      name: entry.name ?? entry.id,
      grid: entry.grid,
      location: entry.location,
      upstreamOf: entry.upstreamOf,
      roles,
      ...lawfulClientsOf(Object.values(roles), config, tags),
    };
  });
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
  refuse: (path: Path, message: string, fix?: string) => void,
): Record<string, number> {
  const roles: Record<string, number> = {};
  for (const row of bound.roles) {
    const tag = tags.indexOf(row.tag);
    if (row.asset !== entry.id || tag === undefined) continue;
    if (kind && !kind.roles[row.role]) {
      const error = configErrors.create('REFERENCE', `"${entry.type}" has no role "${row.role}"`);
      const fix = near(row.role, Object.keys(kind.roles)) ?? 'see the roles of the pack';
      errors.push(problemAt(row.place('role'), error, fix));
    }
    roles[row.role] = tag;
  }
  for (const [role, name] of Object.entries(entry.roles)) {
    const path = ['assets', index, 'roles', role];
    if (kind && !kind.roles[role]) {
      refuse(path, `"${entry.type}" has no role "${role}"`, near(role, Object.keys(kind.roles)));
    }
    const tag = tags.indexOf(name);
    if (tag === undefined) {
      refuse(
        path,
        `tag "${name}" does not exist`,
        near(
          name,
          tags.definitions.map((definition) => definition.name),
        ),
      );
    } else if (tags.at(tag).shows === 'text') refuse(path, `tag "${name}" holds text`, 'map a tag that holds numbers');
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
      const error = configErrors.create('MISSING', `"${entry.id}" has no tag for its role "${role}"`);
      warnings.push(yaml.problem(['assets', index], error, `map a tag to "${role}"; detectors that need it stay off`));
    } else if (spec.unit !== tags.at(tag).unit) {
      const own = tags.at(tag).unit || 'no unit';
      const error = configErrors.create(
        'UNIT',
        `role "${role}" is in ${spec.unit || 'no unit'}, tag ${tags.at(tag).name} in ${own}`,
      );
      warnings.push(yaml.problem(['assets', index], error));
    }
  }
  return warnings;
}
