import type { Command } from 'commander';
import type { DeviceProfile, ProfilePoint } from '../../drivers/api.ts';
import { drivers } from '../../drivers/registry.ts';
import { suggest } from '../core/suggest.ts';
import { ExitCode } from './exit.ts';
import { inColumns } from './reporting.ts';

const examples = `
Examples:
  lifeline profiles                      register maps of common meters and controllers
  lifeline profiles tuf-2000m            the points of one, where the map comes from, and the device entry to write
  lifeline profiles tuf-2000m --json     the same as data

Maps differ by firmware and settings: compare a few values with the device's display before you trust them.
`;

/** `lifeline profiles`: the register maps that come with the drivers. */
export function profilesCommand(program: Command): void {
  program
    .command('profiles')
    .description('register maps of common meters and controllers, for `profile:` of a device')
    .argument('[name]', 'one of them, with its points')
    .option('--json', 'print the profiles, or the one that is named, as JSON')
    .addHelpText('after', examples)
    .action(show);
}

function show(name: string | undefined, { json }: { readonly json?: boolean }): void {
  const profiles = drivers.flatMap((driver) =>
    [...(driver.profiles?.values() ?? [])].map((profile) => ({ driver: driver.name, ...profile })),
  );
  const one = profiles.find(({ profile }) => profile === name);
  if (name !== undefined && !one) {
    const near = suggest(
      name,
      profiles.map(({ profile }) => profile),
    );
    console.error(`lifeline: there is no profile "${name}"${near ? `; did you mean "${near}"?` : ''}`);
    process.exitCode = ExitCode.usage;
  } else if (json) console.log(JSON.stringify(one ?? profiles, null, 2));
  else for (const line of one ? describe(one) : list(profiles)) console.log(line);
}

const list = (profiles: readonly DeviceProfile[]) =>
  inColumns(
    profiles.map(({ profile, kind, name, points }) => [profile, kind, String(points.length), name.en]),
    [2],
  );

function describe({
  driver,
  profile,
  name,
  source,
  options,
  points,
}: DeviceProfile & { readonly driver: string }): string[] {
  const settings = Object.keys(options).length > 0 ? [`options: ${JSON.stringify(options)}`] : [];
  return [
    `${name.en} · ${name.zh}`,
    `source: ${source}`,
    ...settings,
    `use: - { id: …, driver: ${driver}, endpoint: "tcp://…", unit: 1, profile: ${profile} }`,
    '',
    ...inColumns([['tag', 'table', 'address', 'type', 'scale', 'unit', ''], ...points.map(rowOf)], [2, 4]),
  ];
}

const rowOf = ({ tag, table, address, type, scale, unit, description }: ProfilePoint) => [
  ...[tag, table, String(address), type, scale === undefined ? '' : String(scale), unit, description.en],
];
