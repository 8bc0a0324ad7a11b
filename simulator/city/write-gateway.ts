import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Document, type Node, visit } from 'yaml';
import { nodeIdOf } from '../plc/opcua-server.ts';
import type { PlcServer } from '../plc/server.ts';
import type { PlantAsset, Plc, PlcPoint } from './plant.ts';
import { siteLimits } from './site-limits.ts';

export interface GatewayFileOptions {
  readonly plcs: readonly Pick<PlcServer, 'plc' | 'endpoint'>[];
  readonly assets: readonly PlantAsset[];
  /** Where events go, `mqtt://host:port`. */
  readonly broker: string;
  readonly consolePort: number;
  /** First line of the file, for editors: path of the JSON Schema seen from the folder. */
  readonly schema: string;
}

const columns = [
  'tag',
  'table',
  'address',
  'node',
  'type',
  'order',
  'scale',
  'offset',
  'unit',
  'low',
  'high',
  'deadband',
  'group',
  'states',
  'asset',
  'role',
  'writable',
  'description',
] as const;
type Row = Record<(typeof columns)[number], string>;

/** A change smaller than half the transmitter's noise is not worth reporting. */
const deadbandOfNoise = 0.5;

function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function rowOf(plc: Plc, point: PlcPoint): Row {
  const opcua = plc.protocol === 'opcua';
  const bit = point.table === 'coil' || point.table === 'discrete';
  return {
    tag: point.name,
    table: opcua ? '' : point.table,
    address: opcua ? '' : String(point.address),
    node: opcua ? nodeIdOf(plc.id, point.name) : '',
    type: point.type,
    order: opcua || bit ? '' : point.order,
    scale: point.scale === 1 ? '' : String(point.scale),
    offset: point.offset === 0 ? '' : String(point.offset),
    unit: point.unit,
    low: figure(point.low),
    high: figure(point.high),
    deadband: point.noise > 0 ? figure(point.noise * deadbandOfNoise) : '',
    group: point.periodMs % 1000 === 0 ? `${point.periodMs / 1000}s` : `${point.periodMs}ms`,
    states: Object.entries(point.states ?? {})
      .map(([value, name]) => `${value}=${name}`)
      .join(';'),
    asset: point.asset !== undefined && point.role !== undefined ? point.asset : '',
    role: point.role ?? '',
    writable: point.write ? 'yes' : '',
    description: point.description.zh,
  };
}

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The point table of one PLC as CSV with English headers; only names where a profile knows the rest. */
export function pointTable(plc: Plc): string {
  if (plc.profile) return `${['tag', ...plc.points.map(({ name }) => name)].join('\n')}\n`;
  const lines = plc.points.map((point) => {
    const row = rowOf(plc, point);
    return columns.map((column) => quoted(row[column])).join(',');
  });
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** `gateway.yaml` for a city's PLCs: what an engineer would write, one line per device and asset. */
export function gatewayYaml(options: GatewayFileOptions): string {
  const document = new Document(
    {
      gateway: { id: 'hrb-07', name: '南岗区七号网关', timezone: 'Asia/Harbin' },
      devices: options.plcs.map(({ plc, endpoint }) =>
        plc.protocol === 'opcua'
          ? { id: plc.id, driver: 'opcua', endpoint, security: { policy: 'None' }, ...pointsOf(plc) }
          : { id: plc.id, driver: 'modbus', endpoint, unit: plc.unit, ...pointsOf(plc) },
      ),
      assets: options.assets.map(({ id, type, name, grid, location, upstreamOf, limits = siteLimits[type] ?? {} }) => ({
        id,
        type,
        name: name.zh,
        grid,
        location,
        ...(upstreamOf.length > 0 ? { upstreamOf } : {}),
        ...(Object.keys(limits).length > 0 ? { limits } : {}),
      })),
      sinks: [{ id: 'city', sink: 'mqtt-json', url: options.broker, confirm: 'broker' }],
      console: { port: options.consolePort, role: 'operator' },
      detection: { calibration: 'calibration.json' },
    },
    { aliasDuplicateObjects: false },
  );
  oneLineEntries(document);
  return `# yaml-language-server: $schema=${options.schema}\n${document.toString({ lineWidth: 0, flowCollectionPadding: true })}`;
}

/** Where the points of a PLC come from: its profile, its own point table, or both, the table naming what it has. */
const pointsOf = ({ id, profile }: Plc) => ({
  ...(profile ? { profile: profile.name } : {}),
  ...(profile?.whole ? {} : { points: `points/${id}.csv` }),
});

/** Writes every list entry on one line. */
function oneLineEntries(document: Document): void {
  visit(document, {
    Seq(_key, list) {
      for (const entry of list.items) (entry as Node & { flow?: boolean }).flow = true;
      return visit.SKIP;
    },
    Map(_key, map, path) {
      if (path.length === 3) map.flow = true;
    },
  });
}

/** Writes `gateway.yaml` and `points/*.csv` into a folder, which is made if it is not there. */
export async function writeGateway(folder: string, options: GatewayFileOptions): Promise<void> {
  await mkdir(join(folder, 'points'), { recursive: true });
  await writeFile(join(folder, 'gateway.yaml'), gatewayYaml(options));
  for (const { plc } of options.plcs) {
    if (!plc.profile?.whole) await writeFile(join(folder, 'points', `${plc.id}.csv`), pointTable(plc));
  }
}
