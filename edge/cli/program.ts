import { Command } from 'commander';
import { version } from './installation.ts';

/** Modules of commands are loaded only when asked for. */
const lazily = {
  check: async () => (await import('./check.ts')).checkCommand,
  run: async () => (await import('./run.ts')).runCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  sim: async () => (await import('./sim.ts')).simCommand,
  exam: async () => (await import('./exam.ts')).examCommand,
  detect: async () => (await import('./detect.ts')).detectCommand,
  train: async () => (await import('./train.ts')).trainCommand,
  calibrate: async () => (await import('./calibrate.ts')).calibrateCommand,
  alarms: async () => (await import('./alarms.ts')).alarmsCommand,
  incidents: async () => (await import('./incidents.ts')).incidentsCommand,
  models: async () => (await import('./models.ts')).modelsCommand,
  solve: async () => (await import('./solve.ts')).solveCommand,
  scan: async () => (await import('./scan.ts')).scanCommand,
  browse: async () => (await import('./browse.ts')).browseCommand,
  read: async () => (await import('./read.ts')).readCommand,
  write: async () => (await import('./write.ts')).writeCommand,
  profiles: async () => (await import('./profiles.ts')).profilesCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  events: async () => (await import('./opcua-events.ts')).eventsCommand,
  record: async () => (await import('./record.ts')).recordCommand,
  opcua: async () => (await import('./opcua.ts')).opcuaCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  upstream: async () => (await import('./upstream.ts')).upstreamCommand,
  offers: async () => (await import('./offers.ts')).offersCommand,
  users: async () => (await import('./users.ts')).usersCommand,
  tokens: async () => (await import('./tokens.ts')).tokensCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
} as const;

const examples = `Examples:
  lifeline demo                          the whole thing on this machine, with a burst water main after 20 s
  lifeline check -c gateway.yaml         every mistake in a configuration, with file, line and fix
  lifeline import supplier.xlsx --device ps-3 -c gateway.yaml   a supplier's point table, checked and normalised
  lifeline run -c gateway.yaml           a gateway
  lifeline read modbus tcp://10.0.3.17:502/1 holding 0 2 --guess    which type and byte order is it?
  lifeline browse opc.tcp://plc:4840     the tree of an OPC UA server, as a point table with --csv
  lifeline record -c gateway.yaml --out monday --for 10min          what the devices say, to play it again at a desk
  lifeline detect scada.csv --html report.html    anomalies in a CSV export of any plant, without configuration
  lifeline calibrate -c gateway.yaml --from scada.csv     what normal operation is here, from history
  lifeline train -c gateway.yaml         models of this site's assets from its own history
  lifeline alarms report                 what operators think of each detector's alarms
  lifeline incidents print dma-2/burst --html sheet.html  one incident on paper: cause, steps, alarms, evidence, what was done
  lifeline backup -c gateway.yaml --to gateway.tar.gz     configuration and state of a running gateway in one file
  lifeline audit verify --data data      does the log of who did what hold?
  lifeline doctor --data data            is every record of a data folder sound? repairs what is not
  lifeline users add 李娜 --role owner    who may sign in to the console
  lifeline solve network.json --json     pressures, flows and temperatures of a gas, water or heating network
  lifeline sim --list --json             the simulated city alone, and every register of its PLCs
  lifeline exam                          city and gateway in virtual time, scored against the truth
`;

/** The command line: the wanted command alone, none for the version, all of them for whatever else is asked. */
export async function createProgram(wanted?: string): Promise<Command> {
  const program = new Command('lifeline')
    .description("Edge controller and simulation suite for a city's lifelines.")
    .version(version)
    .enablePositionalOptions()
    .addHelpText('before', examples)
    .showHelpAfterError('(lifeline --help shows all commands)')
    .exitOverride();
  for (const load of loadersFor(wanted)) (await load())(program);
  return program;
}

function loadersFor(wanted: string | undefined) {
  if (wanted === '--version' || wanted === '-V') return [];
  if (wanted !== undefined && Object.hasOwn(lazily, wanted)) return [lazily[wanted as keyof typeof lazily]];
  return Object.values(lazily);
}
