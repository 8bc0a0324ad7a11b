import { z } from 'zod';
import { orderKinds } from '../core/order.ts';
import type { EntryRemark, Remark } from '../core/remark.ts';
import { expecting } from '../core/spec-text.ts';
import { suggest } from '../core/suggest.ts';
import { both } from '../core/text.ts';
import { history } from './history-spec.ts';
import { siteLimit } from './site-limit-spec.ts';
import { diskSpec, journalSpec } from './store-spec.ts';

/** Events that were sent are kept as long, see `journal.keep`. */
const maxFromHours = 400 * 24;

/** Ids of gateways, devices, assets and sinks. */
export const idPattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

const id = z
  .string()
  .regex(
    idPattern,
    expecting(
      'expected 1–64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
      '应为 1–64 个字母、数字、“.”、“_”或“-”，以字母或数字开头',
    ),
  );

function timezoneExists(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const gateway = z
  .strictObject({
    id: id.describe('Name of this gateway in topics and event ids; unique in the city.'),
    name: z.string().min(1).optional().describe('Name shown to people; the id when left out.'),
    timezone: z
      .string()
      .refine(
        timezoneExists,
        expecting('not a time zone of the IANA database, e.g. Asia/Shanghai', '不是 IANA 时区，例如 Asia/Shanghai'),
      )
      .default('Asia/Shanghai')
      .describe('IANA time zone of the site: hours and weekdays of profiles are local to it.'),
  })
  .describe('Who this gateway is.');

const location = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);

const asset = z.strictObject({
  id: id.describe('Unique over the gateway.'),
  type: z
    .string()
    .regex(
      /^[a-z][a-z-]*\.[a-z][a-z-]*$/,
      expecting('expected "<utility>.<kind>", e.g. "water.district"', '应为“<行业>.<类型>”，如 "water.district"'),
    )
    .describe('Kind of asset, as the pack of its utility (models/<utility>/pack.yaml) describes it.'),
  name: z.string().min(1).optional().describe('Name shown to people; the id when left out.'),
  grid: z.string().max(32).default('').describe('Grid cell code of the city platform.'),
  location: location.optional().describe('Longitude, latitude in degrees (WGS 84).'),
  upstreamOf: z
    .array(id)
    .default([])
    .describe('Assets and devices that this one feeds; a device feeds what it tells of.'),
  roles: z
    .record(z.string(), z.string().describe('Tag as `device/point`.'))
    .default({})
    .describe('Which tag fills which role of the asset kind.'),
  limits: z
    .record(z.string(), siteLimit)
    .optional()
    .describe(
      'Limits of this asset, by kind, where they are not as its pack has them, such as `level-high: { above: 5.7 }`.',
    ),
});

const calculated = z.strictObject({
  tag: z
    .string()
    .regex(
      /^[^/]+\/.+$/,
      expecting('expected "place/point", e.g. "dma-2/net-inflow"', '应为“位置/点”，如 "dma-2/net-inflow"'),
    )
    .describe('Name of the calculated tag as `place/point`; the place may be a device, an asset or anything else.'),
  expression: z
    .string()
    .describe(
      'What it is computed from: tags in brackets, operators, functions; see the reference of calculated points.',
    ),
  unit: z
    .string()
    .optional()
    .describe('Unit of the result, which is converted where its unit is known; the one that follows when left out.'),
  period: z
    .string()
    .optional()
    .describe(
      'Computed so often, such as 1s (200ms to 60min). Left out: whenever an input has a new sample, or every second when a function looks back in time.',
    ),
  deadband: z.number().min(0).default(0).describe('Smaller changes are not reported.'),
  low: z.number().optional().describe('Lowest plausible value; beyond it the quality is uncertain.'),
  high: z.number().optional().describe('Highest plausible value.'),
  states: z
    .record(z.string().regex(/^-?\d+$/), z.string())
    .optional()
    .describe('Names of states, such as `{0: 停, 1: 运行}`.'),
  description: z.string().default('').describe('Free text.'),
});

/** Fewer surveyed nodes do not say which way a map is turned. */
const fewestSurveyed = 2;

const network = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Water: an EPANET file (`.inp`). Gas: a network file (`.json`, `lifeline-network/1`). Relative to this file.',
    ),
  gauges: z
    .record(id, z.record(z.string(), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])))
    .describe(
      'By asset and role, where in the network it is measured: a pressure at a node, a flow in a link or a list of links, "-" before one that is counted against its direction; in a network file also at a node under `fixed`.',
    ),
  map: z
    .union([
      z.literal('wgs84'),
      z
        .record(z.string(), location)
        .refine(
          (nodes) => Object.keys(nodes).length >= fewestSurveyed,
          expecting('expected two nodes or more with their places', '应有两个以上带坐标的节点'),
        ),
    ])
    .optional()
    .describe(
      'How the coordinates of the file become places: `wgs84` where they are longitude and latitude; else two nodes or more by name with longitude and latitude. Left out: nodes are told by name alone.',
    ),
});

const consoleSpec = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the console is served.'),
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]+$/, expecting('expected an address of this machine', '应为本机地址'))
      .default('127.0.0.1')
      .describe(
        'Address to listen on. Beyond loopback (such as 0.0.0.0) only encrypted, and only once an owner can sign in.',
      ),
    port: z.int().min(0).max(65535).default(8080).describe('TCP port; the next free one when taken.'),
    names: z
      .array(
        z
          .string()
          .regex(
            /^[a-z0-9.-]+(:\d+)?$/,
            expecting('expected a name in small letters, with port where it differs', '应为小写名称，端口不同时加端口'),
          ),
      )
      .max(20)
      .default([])
      .describe('Names by which browsers call the console beyond loopback; addresses and the own host name need none.'),
    tls: z
      .strictObject({
        certificate: z.string().describe('File of the certificate in PEM, its chain after it.'),
        key: z.string().describe('File of its private key in PEM.'),
      })
      .optional()
      .describe(
        'A certificate of your own authority, files relative to this one. Without it the console makes one itself beyond loopback, and speaks plain HTTP on loopback.',
      ),
    role: z
      .enum(['viewer', 'operator', 'engineer'])
      .optional()
      .describe(
        'What whoever reaches the console on loopback may do without signing in, as long as there is no owner: look; work with alarms; change which models decide as well. Without it they must make the owner first, by the link in the log.',
      ),
    writes: z
      .enum(['operator', 'engineer'])
      .optional()
      .describe(
        'The least role whose people may set points over the console that a point table lists as `writable` with `low` and `high`; never tokens. Left out, nobody may.',
      ),
  })
  .prefault({})
  .describe('The web console.');

const detection = z
  .strictObject({
    calibration: z
      .string()
      .optional()
      .describe(
        'Calibration file, relative to this file. Without it the gateway learns by itself what is normal (`learns`).',
      ),
    learns: z
      .boolean()
      .default(true)
      .describe(
        'Whether, without a calibration file, the gateway learns from its own history what is normal: what instruments do after 3 hours, with wide limits after two days, in full after two weeks. Without it only limits and data quality work then.',
      ),
    budget: z
      .number()
      .min(0.0001)
      .max(1)
      .optional()
      .describe(
        'Alarm budget: false alarms per asset-week that statistical limits are set for, 0.0001 to 1. As calibrated when left out. Safety limits never depend on it.',
      ),
    models: z
      .string()
      .optional()
      .describe('Folder with packs and models, relative to this file; the one shipped with Lifeline when left out.'),
    learned: z
      .string()
      .default('learned')
      .describe('Folder with models that were trained here or brought, relative to this file.'),
    trustedKeys: z
      .array(z.string())
      .default([])
      .describe(
        'Files with public Ed25519 keys (PEM), relative to this file: models signed by one of them may be used.',
      ),
    allowUnsigned: z
      .boolean()
      .default(false)
      .describe('Whether models without a signature may be used: only where nobody else can write to their folder.'),
  })
  .prefault({})
  .describe('Detection on the device.');

const select = z
  .strictObject({
    utilities: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Only events and values of these utilities, such as `[water, gas]`; all when left out.'),
    priorities: z
      .array(z.enum(['critical', 'high', 'medium', 'low']))
      .min(1)
      .optional()
      .describe('Only alarms of these priorities; safety alarms always. All when left out.'),
    classes: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'Only values of these classes of points: `measurement`, `state`, `text`, `time` or a word of the column `class`. All when left out.',
      ),
  })
  .prefault({})
  .describe('What goes to this sink. Events of the gateway itself always do.');

const orders = z
  .array(z.enum(orderKinds))
  .default([])
  .describe('What the centre may ask for over this sink, when it shows that it is the centre; nothing when left out.');

const offers = z
  .enum(['ask', 'apply'])
  .default('ask')
  .describe(
    'With `config` among the orders: whether a configuration that the centre offers over this sink waits for an engineer, or is applied at once where nothing is wrong with it.',
  );

const from = z
  .union(
    [z.enum(['now', 'beginning']), z.number().positive().max(maxFromHours)],
    expecting('expected now, beginning or a number of hours', '应为 now、beginning 或小时数'),
  )
  .default('now')
  .describe(
    'What a sink that is new is given of the events before it: `now`: those of alarms that stand; so many hours: those of that time too; `beginning`: all that the journal has. A sink that was there before goes on where it stands.',
  );

const alarms = z
  .strictObject({
    table: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Corrections of the master alarm table, CSV or XLSX, relative to this file; `lifeline alarms import` writes it. Alarms are as their packs have them when left out.',
      ),
  })
  .prefault({})
  .describe('Alarms, as a review of them wants them.');

/** An object kind contributed by a driver or sink: its name and its own keys. */
export interface Contribution {
  readonly name: string;
  readonly options: z.ZodObject;
  /** Of sinks: whether events, such as alarms, do not go over it. */
  readonly valuesOnly?: true;
  /**
   * What is to be said of an entry beyond its keys.
   * @param nowMs ms since epoch
   */
  review?(entry: Readonly<Record<string, unknown>>, nowMs: number): readonly Remark[];
  /** What is to be said of all entries of this kind together, such as names that several of them have. */
  reviewTogether?(entries: readonly Readonly<Record<string, unknown>>[], gateway: string): readonly EntryRemark[];
}

function contributed(discriminator: 'driver' | 'sink', shape: z.ZodRawShape, kinds: readonly Contribution[]) {
  const known = kinds.map((kind) => kind.name);
  const options = kinds.map((kind) =>
    z.strictObject({ ...shape, [discriminator]: z.literal(kind.name), ...kind.options.shape }),
  );
  const [first, ...rest] = options;
  if (!first) throw new Error(`no ${discriminator} is registered`);
  return z.discriminatedUnion(discriminator, [first, ...rest], {
    error: ({ input }) => {
      const given = (input as Readonly<Record<string, unknown>> | null)?.[discriminator];
      const near = typeof given === 'string' ? suggest(given, known) : undefined;
      const hint = near === undefined ? both('', '') : both(`; did you mean "${near}"?`, `；是否应为“${near}”？`);
      return expecting(
        `expected ${discriminator} to be one of: ${known.join(', ')}${hint.en}`,
        `${discriminator} 应为以下之一：${known.join('、')}${hint.zh}`,
      );
    },
  });
}

/**
 * The whole of `gateway.yaml`, with the keys that drivers and sinks bring. Everything else — validation, the JSON
 * Schema, the reference page — is made from this.
 */
export function gatewaySpec(drivers: readonly Contribution[], sinks: readonly Contribution[]) {
  const device = {
    id: id.describe('Name of the device; tags are called `device/point`.'),
    endpoint: z
      .string()
      .min(1)
      .describe(
        'Where the device answers, e.g. "tcp://10.0.3.17:502", "opc.tcp://10.0.4.2:4840"; for `replay` what is played, e.g. "file:history.csv".',
      ),
    points: z
      .string()
      .min(1)
      .optional()
      .describe('Point table, CSV or XLSX, relative to this file; needed where no `profile` brings the points.'),
    sheet: z
      .string()
      .min(1)
      .optional()
      .describe('Sheet of an XLSX point table; when left out, the sheet named like the device, or else all of them.'),
    profile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Register map that comes with Lifeline (`lifeline profiles` lists them). Without `points` all of its points are read; with, those in the table, and what a row leaves empty is as in the profile.',
      ),
    lawfulClients: z
      .array(z.ipv4(expecting('expected an IPv4 address, e.g. "10.0.3.5"', '应为 IPv4 地址，如 "10.0.3.5"')))
      .max(64)
      .optional()
      .describe(
        "Addresses from which other clients than this gateway may be connected to the device, such as the control centre's. One more client is lawful for each.",
      ),
  };
  const sink = { id: id.describe('Name of the sink; its cursor is kept under it.'), select, from, orders, offers };
  return z
    .strictObject({
      gateway,
      devices: z
        .array(contributed('driver', device, drivers))
        .min(1)
        .max(2000)
        .describe('PLCs and other sources.'),
      calculated: z
        .array(calculated)
        .max(2000)
        .default([])
        .describe('Calculated points (虚拟点): tags computed from other tags; they are used like measured ones.'),
      assets: z.array(asset).max(20000).default([]).describe('Things in the city, with roles filled by tags.'),
      networks: z
        .array(network)
        .max(16)
        .default([])
        .describe('Hydraulic models, from which `lifeline calibrate` works out where leaks are.'),
      sinks: z
        .array(contributed('sink', sink, sinks))
        .max(16)
        .default([])
        .describe('Roads upstream.'),
      console: consoleSpec,
      detection,
      alarms,
      journal: journalSpec,
      disk: diskSpec,
      history,
    })
    .describe('Configuration of one Lifeline gateway.');
}

/** `gateway.yaml` after parsing; driver and sink keys stay beside the common ones. */
export interface GatewayConfig {
  readonly gateway: { readonly id: string; readonly name?: string | undefined; readonly timezone: string };
  readonly devices: readonly DeviceEntry[];
  readonly calculated: readonly z.output<typeof calculated>[];
  readonly assets: readonly z.output<typeof asset>[];
  readonly networks: readonly z.output<typeof network>[];
  readonly sinks: readonly SinkEntry[];
  readonly console: z.output<typeof consoleSpec>;
  readonly detection: z.output<typeof detection>;
  readonly alarms: z.output<typeof alarms>;
  readonly journal: z.output<typeof journalSpec>;
  readonly disk: z.output<typeof diskSpec>;
  readonly history: z.output<typeof history>;
}

/** The keys that every sink has, and its own beside them. */
export type SinkEntry = {
  readonly id: string;
  readonly sink: string;
  readonly select: z.output<typeof select>;
  readonly from: z.output<typeof from>;
  readonly orders: z.output<typeof orders>;
  readonly offers: z.output<typeof offers>;
  /** What the files say that the entry names, by key. */
  readonly documents?: Readonly<Record<string, unknown>>;
} & Readonly<Record<string, unknown>>;

export type DeviceEntry = {
  readonly id: string;
  readonly driver: string;
  readonly endpoint: string;
  readonly points?: string | undefined;
  readonly sheet?: string | undefined;
  readonly profile?: string | undefined;
  readonly lawfulClients?: readonly string[] | undefined;
} & Readonly<Record<string, unknown>>;

/** The JSON Schema (draft-07, of what users write) that `lifeline.schema.json` carries. */
export function gatewayJsonSchema(drivers: readonly Contribution[], sinks: readonly Contribution[]): unknown {
  return {
    title: 'Lifeline gateway.yaml',
    ...z.toJSONSchema(gatewaySpec(drivers, sinks), { target: 'draft-7', io: 'input' }),
  };
}
