import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { longFunctions, modulesNamedIn, withoutComments } from './source.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && (statSync(join(root, file), { throwIfNoEntry: false })?.isFile() ?? false));
const sourceRoots = /^(edge|drivers|simulator|models|ops)\//;
const sources = tracked
  .filter((file) => sourceRoots.test(file) && /\.tsx?$/.test(file))
  .flatMap((file) => {
    try {
      return [{ file, text: readFileSync(join(root, file), 'utf8') }];
    } catch {
      return [];
    }
  });

/** The room of a file: the folder that carries the rules. */
function roomOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'edge') return parts.length === 2 ? 'edge' : `edge/${parts[1]}`;
  if (file.startsWith('simulator/console/web/')) return 'simulator/console/web';
  const corner = /^simulator\/(exam|console)\//.exec(file);
  if (corner) return `simulator/${corner[1]}`;
  if (parts[0] === 'drivers') return parts.length === 2 ? file : `drivers/${parts[1]}`;
  return parts[0] as string;
}

/** Doors between rooms: what each may import beside itself and `edge/core`. */
const doors: Readonly<Record<string, readonly RegExp[]>> = {
  'edge/core': [],
  'edge/config': [/^drivers\/api\.ts$/, /^edge\/calculation\//],
  'edge/acquisition': [/^drivers\/api\.ts$/],
  'edge/pipeline': [],
  'edge/calculation': [],
  'edge/detection': [],
  'edge/evaluate': [/^edge\/detection\//],
  'edge/alarms': [],
  'edge/control': [],
  'edge/store': [],
  'edge/upstream': [/^edge\/store\/api\.ts$/, /^drivers\/opcua\/(stack|certificates|properties)\.ts$/],
  'edge/console': [],
  'edge/observability': [],
  'drivers/api.ts': [],
  'drivers/registry.ts': [/^drivers\//],
  drivers: [/^drivers\/api\.ts$/],
  edge: [/^edge\/(?!cli\/)/, /^drivers\/(api|registry)\.ts$/],
  'edge/gateway': [/^edge\/(?!cli\/|gateway\.ts)/, /^drivers\/(api|registry)\.ts$/],
  'edge/cli': [/^edge\//, /^drivers\//, /^simulator\//, /^models\/training\//, /^ops\/bench\//],
  simulator: [
    /^drivers\/api\.ts$/,
    /^drivers\/modbus\/(registers|text|frame|pdu|errors|profiles\/index)\.ts$/,
    /^drivers\/opcua\/properties\.ts$/,
    /^edge\/config\/(located-yaml|problem|errors)\.ts$/,
  ],
  'simulator/exam': [
    /^simulator\//,
    /^drivers\/(api|opcua\/stack)\.ts$/,
    /^edge\/(gateway|config\/(load|packs)|detection\/model-thread|store\/database)\.ts$/,
  ],
  'simulator/console': [
    /^simulator\//,
    /^drivers\/api\.ts$/,
    /^edge\/console\/(errors|route|routes|page-files|web-server)\.ts$/,
  ],
  'simulator/console/web': [/^simulator\/(console\/view|city\/(label|plant))\.ts$/, /^edge\/console\/web\//],
  models: [/^simulator\//, /^edge\/(detection|config)\//, /^drivers\/api\.ts$/],
  ops: [/^edge\//, /^drivers\//, /^simulator\//, /^models\/training\//],
};

function doorsOf(room: string): readonly RegExp[] {
  return doors[room] ?? (room.startsWith('drivers/') ? doors['drivers'] : undefined) ?? [];
}

/** Files that a source imports, relative to the repository. */
const importsOf = (file: string, text: string): string[] =>
  modulesNamedIn(text)
    .filter((module) => module.startsWith('.'))
    .map((module) => relative(root, resolve(root, dirname(file), module)));

const imports = sources.flatMap(({ file, text }) => importsOf(file, text).map((target) => ({ file, target })));

/** What may be touched only in its home. */
const homes: readonly { readonly what: string; readonly pattern: RegExp; readonly home: RegExp }[] = [
  {
    what: 'Date.now or new Date()',
    pattern: /\bDate\.now\b|\bnew Date\(\)/,
    home: /^edge\/core\/clock\.ts$|^edge\/cli\/|^ops\/|^models\/training\/|^simulator\/platform\/main/,
  },
  {
    what: 'setTimeout or setInterval',
    pattern: /\bset(Timeout|Interval)\b|node:timers/,
    home: /^edge\/core\/clock\.ts$|^edge\/cli\/|^ops\/|^(edge|simulator)\/console\/web\//,
  },
  {
    what: 'performance.now or hrtime',
    pattern: /\bperformance\.now\b|\bhrtime\b/,
    home: /^edge\/core\/clock\.ts$|^edge\/cli\/|^ops\//,
  },
  { what: 'Math.random', pattern: /\bMath\.random\b/, home: /^$/ },
  {
    what: 'random bytes of the system',
    pattern: /\b(randomUUID|randomBytes|randomInt|getRandomValues)\b/,
    home: /^edge\/cli\/run\.ts$|^edge\/core\/secret-bytes\.ts$/,
  },
  { what: 'process.env', pattern: /\bprocess\.env\b/, home: /^edge\/cli\/|^ops\/|^bin\// },
  {
    what: 'console.*',
    pattern: /\bconsole\.(log|error|warn|info|debug)\(/,
    home: /^edge\/cli\/|^ops\/|^bin\/|^models\/training\//,
  },
  { what: 'eval or new Function', pattern: /\beval\(|\bnew Function\(/, home: /^$/ },
  {
    what: 'node:net',
    pattern: /['"`]node:(net|tls|dgram)['"`]/,
    home: /^drivers\/|^simulator\/(plc|platform)\/|^edge\/cli\/|^ops\/bench\//,
  },
  {
    what: 'node:fs',
    pattern: /['"`]node:fs(\/promises)?['"`]/,
    home: /^edge\/(cli|config|store|detection)\/|^edge\/console\/(page-files|access\/(accounts-file|certificate|sessions-file))\.ts$|^edge\/upstream\/nats\/authenticator\.ts$|^drivers\/(opcua|replay)\/|^simulator\/city\/write-gateway\.ts$|^simulator\/(plc|exam)\/|^models\/training\/|^ops\//,
  },
  { what: 'node:child_process', pattern: /['"`]node:child_process['"`]/, home: /^edge\/cli\/|^ops\// },
  {
    what: 'a route beside the registry of the web server',
    pattern: /\bFastify\(|\bapp\.(get|post|put|patch|delete|all|route)\(|['"`]node:https?['"`]/,
    home: /^edge\/console\/web-server\.ts$|^edge\/upstream\/|^edge\/cli\/|^drivers\/|^simulator\/|^ops\//,
  },
  { what: 'sqlite3', pattern: /['"`]sqlite3['"`]/, home: /^edge\/store\/database\.ts$/ },
];

describe('the house is tidy', () => {
  it('sees the modules it is meant to watch, and where their imports lead', () => {
    const watched = tracked.filter((file) => sourceRoots.test(file) && /\.tsx?$/.test(file));
    expect(sources.length).toBe(watched.length);
    expect(sources.length).toBeGreaterThan(300);
    expect(imports.length).toBeGreaterThan(1000);
    for (const room of Object.keys(doors).filter((name) => !name.endsWith('.ts') && name !== 'drivers'))
      expect(
        sources.some(({ file }) => roomOf(file) === room),
        room,
      ).toBe(true);
    const nowhere = imports.filter(({ target }) => !statSync(join(root, target), { throwIfNoEntry: false })?.isFile());
    expect(nowhere).toEqual([]);
  });

  it('rooms import only through their doors, and nobody imports a test', () => {
    const strays = imports
      .filter(({ file, target }) => {
        const room = roomOf(file);
        if (!sourceRoots.test(target)) return /^(tests|bin|dist)\//.test(target);
        if (roomOf(target) === room || (room !== 'edge' && target.startsWith('edge/core/'))) return false;
        return !doorsOf(room).some((door) => door.test(target));
      })
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strays).toEqual([]);
  });

  it('the whole gateway is put together only by the command line, the exam and tests', () => {
    const strays = imports.filter(
      ({ file, target }) =>
        target === 'edge/gateway.ts' && !/^(edge\/cli|simulator\/exam)\//.test(file) && file !== 'edge/gateway.ts',
    );
    expect(strays).toEqual([]);
  });

  it('clock, random, environment, terminal, sockets and database have one home each', () => {
    const strays = sources.flatMap(({ file, text }) =>
      homes
        .filter(({ pattern, home }) => pattern.test(withoutComments(text)) && !home.test(file))
        .map(({ what }) => `${file}: ${what}`),
    );
    expect(strays).toEqual([]);
  });

  it('no file is longer than 500 lines, and only few longer than 350', () => {
    const lengths = sources.map(({ file, text }) => ({ file, lines: text.split('\n').length }));
    expect(lengths.filter(({ lines }) => lines > 500)).toEqual([]);
    expect(lengths.filter(({ lines }) => lines > 350).length).toBeLessThanOrEqual(Math.ceil(lengths.length * 0.03));
  });

  it('no function is longer than 90 lines', () => {
    const long = sources.flatMap(({ file, text }) =>
      longFunctions(text, 90).map(({ name, line, lines }) => `${file}:${line} ${name} (${lines} lines)`),
    );
    expect(long).toEqual([]);
  });

  it('no name says nothing, no work is left behind, no type is thrown away', () => {
    const strays = sources.flatMap(({ file, text }) => {
      const code = withoutComments(text);
      return [
        ...(/(^|\/)(utils?|helpers?|common|misc|managers?)(\.|\/)/.test(file) ? [`${file}: name`] : []),
        ...(/\b(TODO|FIXME|XXX|HACK)\b/.test(text) ? [`${file}: left-over`] : []),
        ...(/\bas any\b|: any\b|@ts-(ignore|nocheck|expect-error)/.test(code) ? [`${file}: any`] : []),
      ];
    });
    expect(strays).toEqual([]);
  });

  it('tests are neither skipped nor narrowed', () => {
    const strays = tracked
      .filter((file) => /^tests\/.*\.ts$/.test(file) && !file.startsWith('tests/tidy/'))
      .filter((file) =>
        /\b(it|test|describe)\.(only|todo|fails)\b|\b[xf](it|describe)\(/.test(readFileSync(join(root, file), 'utf8')),
      );
    expect(strays).toEqual([]);
  });

  it('nothing tracked is larger than 1 MB or names a path of a machine', () => {
    const strays = tracked
      .filter((file) => file !== 'package-lock.json' && !/\.(png|onnx)$/.test(file))
      .filter((file) => {
        const text = readFileSync(join(root, file), 'utf8');
        return text.length > 1_000_000 || /(^|[^a-z])\/(work|root)\//m.test(text);
      })
      .filter((file) => !file.startsWith('tests/tidy/'));
    expect(strays).toEqual([]);
  });
});
