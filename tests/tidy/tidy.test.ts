import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

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
  if (parts[0] === 'drivers') return parts.length === 2 ? file : `drivers/${parts[1]}`;
  return parts[0] as string;
}

/** Doors between rooms: what each may import beside itself and `edge/core`. */
const doors: Readonly<Record<string, readonly RegExp[]>> = {
  'edge/core': [],
  'edge/config': [/^drivers\/api\.ts$/],
  'edge/acquisition': [/^drivers\/api\.ts$/],
  'edge/pipeline': [],
  'edge/detection': [],
  'edge/alarms': [],
  'edge/control': [],
  'edge/store': [],
  'edge/upstream': [/^edge\/store\/api\.ts$/],
  'edge/console': [],
  'edge/observability': [],
  'drivers/api.ts': [],
  'drivers/registry.ts': [/^drivers\//],
  drivers: [/^drivers\/api\.ts$/],
  edge: [/^edge\/(?!cli\/)/, /^drivers\/(api|registry)\.ts$/],
  'edge/cli': [/^edge\//, /^drivers\//, /^simulator\//, /^ops\/bench\//],
  simulator: [/^drivers\/api\.ts$/, /^drivers\/modbus\/(registers|frame|pdu|errors)\.ts$/],
  models: [/^simulator\//, /^edge\/(detection|config)\//, /^drivers\/api\.ts$/],
  ops: [/^edge\//, /^drivers\//, /^simulator\//],
};

function doorsOf(room: string): readonly RegExp[] {
  return doors[room] ?? (room.startsWith('drivers/') ? doors['drivers'] : undefined) ?? [];
}

function importsOf(file: string, text: string): string[] {
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...found].map((match) => relative(root, resolve(root, dirname(file), match[1] as string)));
}

/** What may be touched only in its home. */
const homes: readonly { readonly what: string; readonly pattern: RegExp; readonly home: RegExp }[] = [
  {
    what: 'Date.now',
    pattern: /\bDate\.now\(/,
    home: /^edge\/core\/clock\.ts$|^edge\/cli\/|^ops\/|^models\/training\/|^simulator\/platform\/main/,
  },
  {
    what: 'setTimeout or setInterval',
    pattern: /\bset(Timeout|Interval)\(/,
    home: /^edge\/core\/clock\.ts$|^edge\/cli\/|^ops\/|^edge\/console\/web\//,
  },
  { what: 'Math.random', pattern: /\bMath\.random\(/, home: /^$/ },
  { what: 'process.env', pattern: /\bprocess\.env\b/, home: /^edge\/cli\/|^ops\/|^bin\// },
  {
    what: 'console.*',
    pattern: /\bconsole\.(log|error|warn|info|debug)\(/,
    home: /^edge\/cli\/|^ops\/|^bin\/|^models\/training\//,
  },
  { what: 'eval or new Function', pattern: /\beval\(|\bnew Function\(/, home: /^$/ },
  {
    what: 'node:net',
    pattern: /from 'node:net'/,
    home: /^drivers\/|^simulator\/(plc|platform)\/|^edge\/cli\/|^ops\/bench\//,
  },
  { what: 'sqlite3', pattern: /from 'sqlite3'/, home: /^edge\/store\/database\.ts$/ },
];

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

describe('the house is tidy', () => {
  it('sees the modules it is meant to watch', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.some((source) => source.file === 'edge/core/batch.ts')).toBe(true);
  });

  it('rooms import only through their doors', () => {
    const strays = sources.flatMap(({ file, text }) =>
      importsOf(file, text)
        .filter((target) => sourceRoots.test(target))
        .filter((target) => {
          const room = roomOf(file);
          if (roomOf(target) === room || (room !== 'edge' && target.startsWith('edge/core/'))) return false;
          return !doorsOf(room).some((door) => door.test(target));
        })
        .map((target) => `${file} -> ${target}`),
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
    const long = sources.flatMap(({ file, text }) => longFunctions(file, text, 90));
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
      .filter((file) => /\b(it|test|describe)\.(only|todo)\b/.test(readFileSync(join(root, file), 'utf8')));
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

/** Functions and methods whose braces span more lines than allowed, by their indentation: `name (lines)`. */
function longFunctions(file: string, text: string, limit: number): string[] {
  const lines = text.split('\n');
  const start =
    /^(\s*)(?:export )?(?:async )?(?:function\*? (\w+)|(?:private |public |static |override )*(?:async )?(\w+)\([^=]*\)[^=;]*)\{$/;
  return lines.flatMap((line, index) => {
    const match = start.exec(line);
    if (!match) return [];
    const name = match[2] ?? match[3] ?? '';
    if (['if', 'for', 'while', 'switch', 'catch'].includes(name)) return [];
    const end = lines.findIndex((candidate, at) => at > index && candidate.startsWith(`${match[1]}}`));
    return end - index > limit ? [`${file}: ${name} (${end - index} lines)`] : [];
  });
}
