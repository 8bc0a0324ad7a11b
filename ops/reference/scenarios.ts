import { seededRandom } from '../../edge/core/random.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import type { HappeningKind } from '../../simulator/city/happening.ts';
import { plants } from '../../simulator/city/plants.ts';
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

function rowOf({ kind, title, magnitude, decoy, targets, plane = 'physical', level = 'III' }: HappeningKind): string[] {
  const { unit, low, high } = magnitude;
  const named = targets.slice(0, namedTargets).map((target) => `\`${target}\``);
  const more = targets.length > namedTargets ? [`… (${targets.length})`] : [];
  return [
    `\`${kind}\``,
    `${title.en} / ${title.zh}`,
    low === high ? '—' : `${low}–${high} ${unit}`,
    plane,
    decoy ? 'decoy' : level,
    [...named, ...more].join(', '),
  ];
}

async function kindsOf(utility: string): Promise<readonly HappeningKind[]> {
  const plant = await plants[utility]?.({ random: seededRandom(1, utility), couplings: uncoupled });
  plant?.dispose();
  return plant?.happenings ?? [];
}

/** Every kind of happening that the default city plays. */
export const happeningsPage: Page = {
  file: 'ops/docs/reference/happenings.md',
  async render() {
    const introduction = [
      'What can happen in the simulated city: the `kind` of an entry in a [scenario](../how-to/play-a-scenario.md), what its `size` means,',
      'on which plane it takes hold, what it puts at risk (I major to IV low; a decoy must raise no alarm), and what it can happen to.',
    ].join('\n');
    const columns = ['Kind', 'What happens', 'Size', 'Plane', 'Level', 'Targets'];
    const sections: string[] = [];
    for (const utility of Object.keys(plants)) {
      sections.push(`## ${utility}\n\n${table(columns, (await kindsOf(utility)).map(rowOf))}`);
    }
    return [head('Happenings of the simulated city', "the plants' happenings", introduction), ...sections].join('\n');
  },
};
