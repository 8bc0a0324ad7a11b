import { resolve } from 'node:path';
import type { Asset } from '../core/asset.ts';
import type { Location } from '../core/distance.ts';
import type { LifelineError } from '../core/errors.ts';
import type { Gauge, SignedLink } from '../core/gauge.ts';
import { meant } from '../core/suggest.ts';
import type { TagTable } from '../core/tag.ts';
import type { Text } from '../core/text.ts';
import { factorBetween } from '../core/units.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml, Path } from './located-yaml.ts';
import type { Problem } from './problem.ts';
import type { GatewayConfig } from './spec.ts';
import { configFixes, configTexts } from './texts.ts';

/** What a network file must tell for its gauges and its map to be checked. */
export interface NetworkContents {
  readonly nodes: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** Nodes that have coordinates. */
  readonly mapped: ReadonlySet<string>;
}

/** A water network as EPANET has it, or a network of gas as `lifeline-network/1`. */
export type NetworkKind = 'epanet' | 'json';

/** Opens a network file, or tells what is wrong with it: errors of the whole, or problems that it has located itself. */
export type NetworkReader = (
  file: string,
  kind: NetworkKind,
) => Promise<NetworkContents | readonly (LifelineError | Problem)[]>;

/** How a file's coordinates become places: they are longitude and latitude, or some nodes are surveyed. */
export type NetworkMap = 'wgs84' | Readonly<Record<string, Location>>;

/** A network with its gauges, each of which has a tag. */
export interface ConfiguredNetwork {
  /** Path of the file. */
  readonly file: string;
  readonly kind: NetworkKind;
  readonly gauges: readonly Gauge[];
  /** Undefined where nodes are told by name alone. */
  readonly map: NetworkMap | undefined;
}

/** Pressures in a network below which nothing can be placed. */
const fewestPressures = 2;

interface Measured {
  readonly assets: readonly Asset[];
  readonly tags: TagTable;
}

/** A gauge with the place of its name, or names, in the configuration. */
interface LocatedGauge {
  readonly gauge: Gauge;
  readonly path: Path;
}

/**
 * Binds the gauges of all networks to tags, and checks what they name against the files where somebody can open them.
 * Every name that points nowhere becomes a located problem.
 */
export async function readNetworks(
  yaml: LocatedYaml,
  config: GatewayConfig,
  folder: string,
  measured: Measured,
  reader: NetworkReader | undefined,
): Promise<{
  readonly networks: readonly ConfiguredNetwork[];
  readonly errors: readonly Problem[];
}> {
  const networks: ConfiguredNetwork[] = [];
  const errors: Problem[] = [...assetsInTwo(yaml, config)];
  for (const [index, entry] of config.networks.entries()) {
    const path = ['networks', index];
    const file = resolve(folder, entry.file);
    const bound = bindGauges(yaml, path, entry.gauges, measured);
    const kind = /\.json$/i.test(file) ? 'json' : 'epanet';
    const contents = reader && (await reader(file, kind));
    const known = contents && 'nodes' in contents ? withKnownLinks(bound.gauges, contents) : bound.gauges;
    errors.push(...bound.errors);
    if (contents && 'nodes' in contents) errors.push(...strangers(yaml, path, entry, known, contents));
    else for (const found of contents ?? []) errors.push(locatedAt(yaml, [...path, 'file'], found));
    if (bound.errors.length === 0) errors.push(...tooFew(yaml, path, known));
    networks.push({ file, kind, gauges: known.map(({ gauge }) => gauge), map: entry.map });
  }
  return { networks, errors };
}

const locatedAt = (yaml: LocatedYaml, path: Path, found: LifelineError | Problem): Problem =>
  'line' in found ? found : yaml.problem(path, found);

/** One network has one matrix of all its gauges: an asset that stood in two would be placed by chance. */
function assetsInTwo(yaml: LocatedYaml, config: GatewayConfig): Problem[] {
  const seen = new Map<string, number>();
  return config.networks.flatMap(({ gauges }, index) =>
    Object.keys(gauges).flatMap((asset) => {
      const before = seen.get(asset);
      if (before === undefined) {
        seen.set(asset, index);
        return [];
      }
      const error = configErrors.create('DUPLICATE', configTexts.gaugesInTwo(asset, before));
      return [yaml.problemAtKey(['networks', index, 'gauges'], asset, error, configFixes.oneNetwork)];
    }),
  );
}

type GaugeEntries = GatewayConfig['networks'][number]['gauges'];

function bindGauges(yaml: LocatedYaml, path: Path, entries: GaugeEntries, { assets, tags }: Measured) {
  const gauges: LocatedGauge[] = [];
  const errors: Problem[] = [];
  for (const [id, roles] of Object.entries(entries)) {
    const asset = assets.find((candidate) => candidate.id === id);
    if (!asset) {
      const error = configErrors.create('REFERENCE', configTexts.noAsset(id));
      const known = assets.map((candidate) => candidate.id);
      errors.push(yaml.problemAtKey([...path, 'gauges'], id, error, meant(id, known)));
      continue;
    }
    for (const [role, names] of Object.entries(roles)) {
      const at = [...path, 'gauges', id, role];
      const tag = asset.roles[role];
      if (tag === undefined) {
        const error = configErrors.create('REFERENCE', configTexts.roleWithoutTag(id, role));
        const fix = meant(role, Object.keys(asset.roles)) ?? configFixes.mapRole(role, id);
        errors.push(yaml.problemAtKey([...path, 'gauges', id], role, error, fix));
        continue;
      }
      const gauge = gaugeOf(id, role, names, tags.at(tag).unit);
      if ('node' in gauge || 'links' in gauge) gauges.push({ gauge, path: at });
      else errors.push(yaml.problem(at, gauge));
    }
  }
  return { gauges, errors };
}

function gaugeOf(asset: string, role: string, names: string | readonly string[], unit: string): Gauge | LifelineError {
  const can = (to: string) => factorBetween(unit, to) !== undefined;
  if (can('L/s') || can('Nm3/h')) {
    const links = [names].flat().map((name): SignedLink => ({ id: name, sign: 1 }));
    return { asset, role, into: role === 'outflow' ? -1 : 1, links };
  }
  if (unit !== 'm' && !can('kPa')) {
    return configErrors.create('UNIT', configTexts.gaugeUnit(role, asset, unit));
  }
  if (typeof names === 'string') return { asset, role, node: names };
  return configErrors.create('VALUE', configTexts.gaugeOfOneNode(role, asset));
}

/** A name with "-" before it counts against the link's direction, where the network has no link that is called so. */
function withKnownLinks(gauges: readonly LocatedGauge[], { links }: NetworkContents): LocatedGauge[] {
  return gauges.map(({ gauge, path }) => {
    if (!('links' in gauge)) return { gauge, path };
    const signed = gauge.links.map(
      ({ id }): SignedLink => (id.startsWith('-') && !links.has(id) ? { id: id.slice(1), sign: -1 } : { id, sign: 1 }),
    );
    return { gauge: { ...gauge, links: signed }, path };
  });
}

/** Gauges and surveyed nodes that the file does not have. */
function strangers(
  yaml: LocatedYaml,
  path: Path,
  { file, map }: GatewayConfig['networks'][number],
  gauges: readonly LocatedGauge[],
  { nodes, links, mapped }: NetworkContents,
): Problem[] {
  const told = (text: Text, id: string, known: ReadonlySet<string>, at: Path) =>
    known.has(id) ? [] : [yaml.problem(at, configErrors.create('REFERENCE', text), meant(id, known))];
  const missing = (what: 'node' | 'link', id: string, known: ReadonlySet<string>, at: Path) =>
    told(configTexts.notInNetwork(file, what, id), id, known, at);
  const atGauges = gauges.flatMap(({ gauge, path: at }) => {
    if ('node' in gauge) return missing('node', gauge.node, nodes, at);
    return gauge.links.flatMap(({ id }, index) =>
      missing('link', id, links, gauge.links.length > 1 ? [...at, index] : at),
    );
  });
  const surveyed = typeof map === 'object' ? Object.keys(map) : [];
  const atMap = surveyed.flatMap((id) => {
    const at = [...path, 'map', id];
    const found = missing('node', id, nodes, at);
    return found.length > 0 ? found : told(configTexts.noCoordinates(file, id), id, mapped, at);
  });
  return [...atGauges, ...atMap];
}

function tooFew(yaml: LocatedYaml, path: Path, gauges: readonly LocatedGauge[]): Problem[] {
  const pressures = gauges.filter(({ gauge }) => 'node' in gauge).length;
  if (pressures >= fewestPressures) return [];
  return [yaml.problem([...path, 'gauges'], configErrors.create('GAUGES', configTexts.fewPressures(pressures)))];
}
