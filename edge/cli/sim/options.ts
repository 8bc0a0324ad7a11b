import { type Command, InvalidArgumentError, Option } from 'commander';
import { fastest, type Speed } from '../../../simulator/city/pace.ts';
import { type Equipment, equipments } from '../../../simulator/city/plant.ts';
import { plants } from '../../../simulator/city/plants.ts';
import { type DemoIncident, demoIncidents } from '../../../simulator/scenarios/demo.ts';
import { parseInstant } from '../../../simulator/scenarios/moment.ts';
import { parseDuration } from '../../core/duration.ts';
import { durationArgument, someOf, wholeNumber } from '../arguments.ts';

/** What the command line says of a city; what `city.yaml` may say too is undefined when it was not given. */
export interface SimOptions {
  readonly config?: string;
  readonly seed?: number;
  readonly start?: number;
  readonly utilities?: readonly string[];
  readonly equipment?: Equipment;
  readonly water?: string;
  readonly speed?: Speed;
  readonly rate?: number;
  readonly kinds?: readonly string[];
  readonly scenario?: string;
  readonly incident: DemoIncident;
  readonly servers: boolean;
  readonly basePort: number;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly truth?: string;
  /** Shows the city in a browser: `true` on the usual port. */
  readonly console?: true | number;
  readonly writeGateway?: string;
  readonly broker: string;
  readonly consolePort: number;
  readonly for?: number;
  readonly until?: Until;
}

/** When the city's clock is to stop: so long after its start, or at a time, ms. */
export type Until = { readonly afterMs: number } | { readonly atMs: number };

function instant(text: string): number {
  const ms = parseInstant(text);
  if (ms === undefined) throw new InvalidArgumentError('expected a time such as 2027-01-12T08:00:00+08:00');
  return ms;
}

function until(text: string): Until {
  const afterMs = parseDuration(text);
  if (afterMs !== undefined) return { afterMs };
  const atMs = parseInstant(text);
  if (atMs !== undefined) return { atMs };
  throw new InvalidArgumentError('expected a duration such as 2h or a time such as 2027-01-12T08:00:00+08:00');
}

function speed(text: string): Speed {
  if (text === 'max') return text;
  const value = Number(text);
  if (value > 0 && value <= fastest) return value;
  throw new InvalidArgumentError('expected city seconds in a second, such as 1 or 60, or max');
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1000) return value;
  throw new InvalidArgumentError('expected a number of happenings an hour, 0–1000');
}

const listed = (text: string): readonly string[] => text.split(',').map((word) => word.trim());

/** Gives the command its options. */
export function withSimOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'city.yaml; options given here come before what it says')
    .option('--seed <n>', 'same seed and start: same city; 1 when left out', wholeNumber(0, 2 ** 31 - 1))
    .option('--start <time>', 'city time at the start; now when left out', instant)
    .option('--utilities <names>', 'only these, such as water,gas; all when left out', someOf(Object.keys(plants)))
    .addOption(
      new Option(
        '--equipment <density>',
        'lean: what the demo knows; full: every instrument of a city; full when left out',
      ).choices(equipments),
    )
    .option('--water <file>', 'an EPANET .inp file in place of the built-in water network')
    .option('--speed <factor>', 'city seconds in a second: 1, 60, or max for all the machine can', speed)
    .option('--scenario <file>', 'what happens when and where, as YAML')
    .option('--rate <n>', 'random happenings an hour, drawn by the seed', rate)
    .option('--kinds <patterns>', 'of these kinds, such as water.*,attack.scan; all but attacks when left out', listed)
    .addOption(
      new Option('--incident <kind>', 'what happens 15–30 s after the start').choices(demoIncidents).default('none'),
    )
    .option('--no-servers', 'no PLC servers: the city and its truth alone')
    .option('--base-port <n>', 'port of the first PLC', wholeNumber(1, 65000), 10_502)
    .option('--list', 'print every PLC with all its points once they listen')
    .option('--json', 'print data as JSON: the list, or one line per thing that happens')
    .option('--truth <file>', 'write the truth about each thing that happens, a line of JSON each')
    .option('--console [port]', 'show the city, its truth and its clock in a browser; port 8090', wholeNumber(0, 65535))
    .option('--write-gateway <dir>', 'write gateway.yaml and point tables for this city')
    .option('--broker <url>', 'where that gateway sends its events', 'mqtt://127.0.0.1:1883')
    .option('--console-port <n>', 'console port of that gateway', wholeNumber(0, 65535), 8080)
    .option('--for <duration>', 'stop after this long, such as 60s', durationArgument)
    .option('--until <moment>', "stop when the city's clock is there: a time, or so long after its start", until);
}
