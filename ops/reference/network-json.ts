import { z } from 'zod';
import { networkFormat, networkSchema } from '../../simulator/network/format.ts';
import { keyTable } from './key-table.ts';
import { head, type Page } from './page.ts';
import type { Schema } from './schema.ts';

const introduction = `What a network file for \`lifeline solve\` says, format \`${networkFormat}\`, JSON in UTF-8.
[A how-to](../how-to/check-a-network.md) shows it at work. Gauge pressures in bar, mass flows in kg/s, lengths in m, temperatures in K; the unit stands in every name.
Ids are texts, distinct within their list. A key that looks like a misspelt one is an error, other unknown keys are passed over with a warning.`;

const meanings = `## What is solved

All pressures p in these formulas are absolute. The air at a node of height h has \`ambientPressureBar\` × (1 − 0.0065 h/288.15)^5.255; gauge pressures are
against it. A = π D²/4, g = 9.81 m/s², ζ = \`lossCoefficient\`, k = \`roughnessMm\`, m the mass flow.

- **Liquids**: p1 − p2 + ρ g (h1 − h2) = (λ L/D + ζ) m|m|/(2 ρ A²).
- **Gases**: p1² − p2² + ρ_m g (h1 − h2)(p1 + p2) = [pn/(Tn ρn A²)] Z T (λ L/D + ζ) m|m|, with pn = 1.01325 bar, Tn = 273.15 K, ρn = \`densityKgM3\`,
  T the mean of \`temperatureK\` at the ends, Z = \`compressibility\` at p_m = 2/3 (p1³ − p2³)/(p1² − p2²) in bar, and ρ_m = ρn (p_m/pn)(Tn/T)/Z.
- **Friction**, with Re = m D/(A η): \`nikuradse\` λ = (−2 lg(k/(3.71 D)))⁻² + 64/Re; \`colebrook\` 1/√λ = −2 lg(2.51/(Re √λ) + k/(3.71 D));
  \`swamee-jain\` λ = 0.25/lg²(k/(3.7 D) + 5.74/Re^0.9). The last two are laws of turbulent flow: where 64/Re is greater (Re below about 1,100), it is taken.
- **Valves** lose ζ velocity heads; without ζ nothing.
- **Pumps** add the lift of a least-squares quadratic through their points (a line through two points, the same lift for one point) at the volume flow of
  their inlet, never less than 0. Pressed backwards they let pass without a lift.
- **Regulators** hold \`setBar\` at \`to\`. Where the inlet is below it they are wide open, and against a higher pressure behind them they shut.
- **Temperatures** (\`thermal\`): in each of n sections T_i = (T_{i−1} + r T_ambient)/(1 + r), r = α π D L/(n |m| c_p), in flow direction, α = \`heatTransferWM2K\`. Nodes mix what flows in by
  mass. What is at rest has \`ambientK\`, a node at rest the mean of its pipes. Pressures do not depend on the temperatures that are worked out.

Nodes that no open way joins to a fixed pressure have no figures (\`null\`), and neither have links there; a closed link has 0.

## What comes back

With \`--json\` one object on standard output. \`ok\` tells whether there is a solution; \`iterations\` the rounds of Newton's method, \`seconds\` the time without reading the file.

| Part | Figures of each entry |
| --- | --- |
| \`nodes\` | \`id\`, \`pressureBar\` (gauge), \`temperatureK\` |
| \`pipes\` | \`id\`, \`massFlowKgS\` (positive from → to), \`velocityMS\` (mean at real conditions), \`reynolds\`, \`frictionFactor\` (null at rest), \`sectionTemperaturesK\` (with \`thermal\`; in flow direction, so that the last is what flows out) |
| \`valves\` | \`id\`, \`massFlowKgS\`, \`velocityMS\` |
| \`pumps\` | \`id\`, \`massFlowKgS\`, \`liftBar\` |
| \`regulators\` | \`id\`, \`massFlowKgS\`, \`state\`: \`holding\`, \`open\` or \`shut\` |
| \`fixed\` | \`node\`, \`massFlowKgS\` that comes in there from outside |

Without a solution there is \`ok: false\` and \`errors\`, each with \`code\`, \`message\`, \`fix\` and, for mistakes in the file, \`line\`, \`column\` and \`path\`; no figures. Exit code 0 with a solution, 1 without one, 3 for a file with
mistakes. [All codes](../errors.md).
`;

/** The page of every key of a network file. */
export const networkJsonPage: Page = {
  file: 'ops/docs/reference/network-json.md',
  async render() {
    const schema = z.toJSONSchema(networkSchema, { target: 'draft-7', io: 'input' }) as Schema;
    const lists = Object.entries(schema.properties ?? {}).filter(([, part]) => part.type === 'array');
    const others = Object.entries(schema.properties ?? {}).filter(([, part]) => part.type !== 'array');
    return [
      head('Network file', 'the schema in simulator/network/format.ts', introduction),
      '## The whole\n',
      keyTable({ ...schema, properties: Object.fromEntries(others) }),
      ...lists.flatMap(([key, part]) => [
        `## ${key}\n`,
        `A list: ${part.description ?? ''}.\n`,
        keyTable(part.items as Schema),
      ]),
      meanings,
    ].join('\n');
  },
};
