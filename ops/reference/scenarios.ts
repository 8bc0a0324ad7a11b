import { seededRandom } from '../../edge/core/random.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import type { HappeningKind } from '../../simulator/city/happening.ts';
import type { PlantAsset, Plc } from '../../simulator/city/plant.ts';
import { plants } from '../../simulator/city/plants.ts';
import { AttackHappenings, victimOf } from '../../simulator/plc/attacks.ts';
import { DeviceHappenings } from '../../simulator/plc/device-happenings.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { equipped } from '../../simulator/plc/sight.ts';
import { cityJsonSchema, scenarioJsonSchema } from '../../simulator/scenarios/spec.ts';
import { head, type Page, table } from './page.ts';

const schemaFile = (file: string, schema: () => unknown): Page => ({
  file,
  render: async () => `${JSON.stringify(schema(), null, 2)}\n`,
});

/** The schemas that the first line of a scenario and of a `city.yaml` name for editors. */
export const scenarioSchemaPage = schemaFile('scenario.schema.json', scenarioJsonSchema);
export const citySchemaPage = schemaFile('city.schema.json', cityJsonSchema);

/** Targets that are named before the rest is only counted. */
const namedTargets = 4;

/** Some targets by name; of tags, which any change of a register map touches, only that they are tags. */
function someOf(targets: readonly string[]): string {
  if (targets.some((target) => target.includes('/'))) return 'tags, `plc/point`';
  const named = targets.slice(0, namedTargets).map((target) => `\`${target}\``);
  return [...named, ...(targets.length > namedTargets ? [`… (${targets.length})`] : [])].join(', ');
}

/** Season or time of day in which a kind comes to pass, and the least time in which it shows. */
function whenOf({ when, lastsMin }: HappeningKind): string {
  const words = [...(when ? [when.replace('-', ' ')] : []), ...(lastsMin ? [`from ${hours(lastsMin[0])}`] : [])];
  return words.join(', ') || '—';
}

const hours = (minutes: number): string => (minutes < 2880 ? `${minutes / 60} h` : `${minutes / 1440} d`);

function rowOf(happening: HappeningKind): string[] {
  const { kind, title, magnitude, decoy, targets, plane = 'physical', level = 'III' } = happening;
  const { unit, low, high } = magnitude;
  return [
    `\`${kind}\``,
    `${title.en} / ${title.zh}`,
    low === high ? '—' : `${low}–${high} ${unit}`,
    whenOf(happening),
    plane,
    decoy ? 'decoy' : level,
    someOf(targets),
  ];
}

/** The kinds of each utility, and those that can befall the instruments of all of them. */
async function kindsByUtility(): Promise<readonly (readonly [string, readonly HappeningKind[]])[]> {
  const found: (readonly [string, readonly HappeningKind[]])[] = [];
  const plcs: Plc[] = [];
  const assets: PlantAsset[] = [];
  for (const [utility, create] of Object.entries(plants)) {
    const plant = await create({ random: seededRandom(1, utility), couplings: uncoupled });
    found.push([utility, plant.happenings]);
    plcs.push(...plant.plcs.map(equipped));
    assets.push(...plant.assets);
    plant.dispose();
  }
  const attacks = new AttackHappenings(plcs.map(selfTelling).flatMap(victimOf), assets, seededRandom(1));
  return [
    ...found,
    ['sensors and PLCs', new DeviceHappenings(plcs, seededRandom(1)).happenings],
    ['attacks and maintenance', attacks.happenings],
  ];
}

/** Every kind of happening that the default city plays. */
export const happeningsPage: Page = {
  file: 'ops/docs/reference/happenings.md',
  async render() {
    const introduction = [
      'What can happen in the simulated city: the `kind` of an entry in a [scenario](../how-to/play-a-scenario.md), what its `size` means,',
      'when chance lets it come to pass and the least time in which it shows, on which plane it takes hold, what it puts at risk (I major to IV low; a decoy must raise no alarm), and what it can happen to.',
    ].join('\n');
    const columns = ['Kind', 'What happens', 'Size', 'When', 'Plane', 'Level', 'Targets'];
    const sections = (await kindsByUtility()).map(
      ([utility, kinds]) => `## ${utility}\n\n${table(columns, kinds.map(rowOf))}`,
    );
    return [head('Happenings of the simulated city', "the plants' happenings", introduction), ...sections].join('\n');
  },
};
