import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { aggregations, type Pack, type PackAsset } from '../core/pack.ts';
import { bodySymbols, type PackSymbol, pictureSymbols, rolesAt, symbolsIn } from '../core/picture.ts';
import { both, type Text } from '../core/text.ts';
import { configErrors } from './errors.ts';
import { checkAgainst, parseLocatedYaml } from './located-yaml.ts';
import { type Problem, problemAt } from './problem.ts';
import { configTexts } from './texts.ts';

const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case words joined by "-"');

const limit = z
  .strictObject({
    kind: name,
    role: name,
    above: z.number().optional(),
    below: z.number().optional(),
    equals: z.number().optional(),
    plus: z.literal('lawful-clients').optional(),
    onDelayS: z.number().min(0).max(86_400).default(0),
    offDelayS: z.number().min(0).max(86_400).default(0),
    count: z.strictObject({ n: z.int().min(2).max(100), withinS: z.number().positive().max(86_400) }).optional(),
    hysteresis: z.number().min(0).default(0),
    when: z.strictObject({ role: name, equals: z.number() }).optional(),
    place: z.literal('neighbours').optional(),
    site: z.boolean().optional(),
    source: z.string().min(1),
  })
  .refine((value) => [value.above, value.below, value.equals].filter((figure) => figure !== undefined).length === 1, {
    error: 'exactly one of above, below, equals is needed',
  })
  .refine(({ plus, above }) => plus === undefined || above !== undefined, {
    error: 'plus raises a figure of above, which is not given',
  })
  .refine(({ place, above }) => place === undefined || above !== undefined, {
    error: 'neighbours are ranked by which has most of a value, where the limit is above',
  });

/** A checklist that is longer is not worked through. */
const maxSteps = 10;

/** Kinds of alarms; `*` for all. */
const kinds = z.array(z.union([name, z.literal('*')])).optional();

/** Rules by which one alarm grows. */
const maxGrowth = 8;

const growth = z
  .strictObject({
    to: z.enum(['I', 'II', 'III']),
    role: name.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    hysteresis: z.number().min(0).optional(),
    why: text.optional(),
    downstream: z.int().min(1).optional(),
    utilities: z.int().min(2).optional(),
    unacknowledgedMin: z.number().positive().max(10_080).optional(),
  })
  .refine(
    ({ role, downstream, utilities, unacknowledgedMin }) =>
      [role, downstream, utilities, unacknowledgedMin].filter((one) => one !== undefined).length === 1,
    { error: 'exactly one of role, downstream, utilities, unacknowledgedMin is needed' },
  )
  .refine(
    ({ role, above, below, hysteresis, why }) =>
      role === undefined
        ? [above, below, hysteresis, why].every((one) => one === undefined)
        : (above === undefined) !== (below === undefined) && why !== undefined,
    { error: 'a role needs why and one of above, below; nothing else has them' },
  );

const packAlarm = z
  .strictObject({
    priority: z.enum(['critical', 'high', 'medium', 'low']),
    riskLevel: z.enum(['I', 'II', 'III', 'IV']),
    grows: z.array(growth).min(1).max(maxGrowth).optional(),
    safety: z.boolean().default(false),
    eventClass: z
      .string()
      .regex(/^\d{4}$/, 'expected the four digits of a class of GB/T 30428.2')
      .optional(),
    spreads: z.enum(['downstream', 'upstream', 'both']).optional(),
    spreadsAs: kinds,
    explains: kinds,
    carriedBy: z.strictObject({ role: name, delayMin: z.number().min(0).max(720) }).optional(),
    latching: z.boolean().optional(),
    respondWithinMin: z.number().positive().max(10_080).optional(),
    reAlarmMin: z.number().min(1).max(10_080).optional(),
    suppressedBy: z.array(name).optional(),
    suppressedWhile: z.strictObject({ role: name, equals: z.number() }).optional(),
    consequence: text.optional(),
    message: text,
    cause: text,
    response: text,
    steps: z.array(text).min(1).max(maxSteps).optional(),
  })
  .refine(({ riskLevel, grows = [] }) => grows.every(({ to }) => to < riskLevel), {
    error: 'what grows is graver than riskLevel',
  })
  .refine(({ safety, suppressedBy, suppressedWhile }) => !safety || (!suppressedBy && !suppressedWhile), {
    error: 'an alarm of safety is never suppressed',
  });

const symbol = z.strictObject({
  symbol: z.enum(pictureSymbols),
  roles: z.array(name).default([]),
  state: name.optional(),
  level: name.optional(),
});

const rowSymbol = symbol.refine(({ symbol: drawn }) => !(bodySymbols as readonly string[]).includes(drawn), {
  error: 'a body is as high as all rows: it is a column by itself',
});

const packAsset = z.strictObject({
  name: text,
  roles: z.record(
    name,
    z.strictObject({
      name: text,
      unit: z.string(),
      required: z.boolean().default(false),
      plausible: z
        .tuple([z.number(), z.number()])
        .refine(([low, high]) => low < high, 'expected [lowest, highest]')
        .optional(),
    }),
  ),
  limits: z.array(limit).default([]),
  detectors: z
    .array(z.strictObject({ detector: name, kind: name, options: z.record(z.string(), z.unknown()).default({}) }))
    .default([]),
  alarms: z.record(name, packAlarm).default({}),
  picture: z
    .array(z.union([symbol, z.array(rowSymbol.nullable()).min(1).max(6)]))
    .min(1)
    .max(8)
    .optional(),
});

const packSpec = z.strictObject({
  pack: name,
  version: z.int().min(1),
  name: text,
  figures: z.array(z.strictObject({ kind: name, role: name, over: z.enum(aggregations) })).default([]),
  assets: z.record(name, packAsset),
});

/** Every role that a picture names, where, and whether it was named before. */
function drawnRoles({ picture = [] }: Pick<PackAsset, 'picture'>) {
  const seen = new Set<string>();
  return picture.flatMap((column, index) =>
    symbolsIn(column).flatMap((drawn: PackSymbol | null, row) =>
      (drawn ? rolesAt(drawn) : []).map((role) => {
        const again = seen.has(role);
        seen.add(role);
        return { at: 'symbol' in column ? [index] : [index, row], role, again };
      }),
    ),
  );
}

/** Every kind of finding that an asset kind can make must have an alarm text, and limits must use known roles. */
function crossCheck(pack: z.output<typeof packSpec>, problem: (path: (string | number)[], message: Text) => Problem) {
  const problems: Problem[] = [];
  pack.figures.forEach(({ kind, role }, index) => {
    if (pack.assets[kind]?.roles[role]) return;
    problems.push(
      problem(
        ['figures', index],
        both(`figure uses unknown role "${role}" of kind "${kind}"`, `指标使用了类型“${kind}”没有的角色“${role}”`),
      ),
    );
  });
  for (const [kind, asset] of Object.entries(pack.assets)) {
    asset.limits.forEach((entry, index) => {
      if (entry.count && asset.alarms[entry.kind]?.safety)
        problems.push(
          problem(
            ['assets', kind, 'limits', index, 'count'],
            both(
              `limit "${entry.kind}" is of safety: its first crossing counts`,
              `限值“${entry.kind}”属于安全类：首次越限即报警，不得计次`,
            ),
          ),
        );
      for (const role of [entry.role, ...(entry.when ? [entry.when.role] : [])]) {
        if (!asset.roles[role]) {
          problems.push(
            problem(
              ['assets', kind, 'limits', index],
              both(`limit "${entry.kind}" uses unknown role "${role}"`, `限值“${entry.kind}”使用了未知角色“${role}”`),
            ),
          );
        }
      }
    });
    for (const { at, role, again } of drawnRoles(asset)) {
      if (asset.roles[role] && !again) continue;
      const message = again
        ? both(`role "${role}" is drawn a second time`, `角色“${role}”画了两次`)
        : both(`picture uses unknown role "${role}"`, `工艺图使用了未知角色“${role}”`);
      problems.push(problem(['assets', kind, 'picture', ...at], message));
    }
    for (const [alarm, { explains = [], suppressedBy = [], ...words }] of Object.entries(asset.alarms)) {
      const at = (key: string) => ['assets', kind, 'alarms', alarm, key];
      for (const symptom of explains.filter((other) => other !== '*' && !asset.alarms[other]))
        problems.push(
          problem(
            at('explains'),
            both(`alarm "${alarm}" explains unknown kind "${symptom}"`, `报警“${alarm}”解释了未知类别“${symptom}”`),
          ),
        );
      for (const parent of suppressedBy.filter((other) => other === alarm || !asset.alarms[other]))
        problems.push(
          problem(
            at('suppressedBy'),
            both(
              `alarm "${alarm}" is suppressed by unknown kind "${parent}"`,
              `报警“${alarm}”由未知类别“${parent}”抑制`,
            ),
          ),
        );
      for (const [rule, { role }] of (words.grows ?? []).entries())
        if (role !== undefined && !asset.roles[role])
          problems.push(problem([...at('grows'), rule], both(`unknown role "${role}"`, `未知角色“${role}”`)));
      for (const key of ['suppressedWhile', 'carriedBy'] as const) {
        const role = words[key]?.role;
        if (role !== undefined && !asset.roles[role])
          problems.push(problem(at(key), both(`unknown role "${role}"`, `未知角色“${role}”`)));
      }
    }
    for (const made of new Set([...asset.limits, ...asset.detectors].map((entry) => entry.kind))) {
      if (!asset.alarms[made])
        problems.push(
          problem(['assets', kind, 'alarms'], both(`no alarm text for kind "${made}"`, `类别“${made}”没有报警文本`)),
        );
    }
  }
  return problems;
}

/** Reads one pack; the problems are located in its file. */
export function parsePack(
  file: string,
  content: string,
): { readonly pack?: Pack; readonly problems: readonly Problem[] } {
  const yaml = parseLocatedYaml(file, content);
  const checked = checkAgainst(yaml, packSpec);
  if (!checked.value) return { problems: checked.problems };
  const problems = crossCheck(checked.value, (path, message) =>
    yaml.problem(path, configErrors.create('REFERENCE', message)),
  );
  return problems.length > 0 ? { problems } : { pack: checked.value, problems };
}

/** What a gateway says of itself and of any instrument, whatever assets it has. */
const ownPacks = ['gateway', 'instrument'];

interface LoadedPacks {
  readonly packs: ReadonlyMap<string, Pack>;
  readonly problems: readonly Problem[];
}

/**
 * Packs below a models folder (`<folder>/<utility>/pack.yaml`), by pack name: those of some utilities and the gateway's own.
 * All of them where none are named, or where one is not there, so that it can be told which one was meant.
 */
export async function loadPacks(folder: string, utilities?: ReadonlySet<string>): Promise<LoadedPacks> {
  const wanted = utilities && new Set([...ownPacks, ...utilities]);
  const loaded = await readPacks(folder, (utility) => wanted?.has(utility) !== false);
  const complete = [...(utilities ?? [])].every((utility) => loaded.packs.has(utility));
  return complete ? loaded : readPacks(folder, () => true);
}

async function readPacks(folder: string, wants: (utility: string) => boolean): Promise<LoadedPacks> {
  const packs = new Map<string, Pack>();
  const problems: Problem[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const error = configErrors.create('FILE', configTexts.noModelsFolder(folder), cause);
    problems.push(problemAt({ file: folder, line: 1, column: 1, path: '' }, error));
    return [];
  });
  for (const entry of entries
    .filter((candidate) => candidate.isDirectory() && wants(candidate.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name, 'pack.yaml');
    const content = await readFile(file, 'utf8').catch(() => undefined);
    if (content === undefined) continue;
    const result = parsePack(file, content);
    problems.push(...result.problems);
    if (result.pack) packs.set(result.pack.pack, result.pack);
  }
  return { packs, problems };
}
