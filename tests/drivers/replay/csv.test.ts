import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../drivers/replay/csv-time.ts';
import { replayDriver } from '../../../drivers/replay/driver.ts';
import { loadGateway } from '../../../edge/config/load.ts';
import { textValue } from '../../../edge/core/text-value.ts';
import { newFolder, playCsv, pointsOf, startMs } from './play.ts';

const wide = `time,flow,p-out
2025-03-01T00:00:00Z,12.5,0.31
2025-03-01T00:00:01Z,,0.32
2025-03-01T00:00:07Z,13,NaN
`;

describe('a CSV file that is played', () => {
  it('keeps its uneven steps, and cells without a value are bad', async () => {
    const { clock, rows, stop } = await playCsv(wide, pointsOf(['p-out', 'flow']));
    await clock.advance(6_999);
    expect(rows()).toEqual([
      [0, 0, 0.31, 'good'],
      [0, 1, 12.5, 'good'],
      [1000, 0, 0.32, 'good'],
      [1000, 1, Number.NaN, 'bad'],
    ]);
    await clock.advance(1);
    expect(rows().slice(4, 6)).toEqual([
      [7000, 0, Number.NaN, 'bad'],
      [7000, 1, 13, 'good'],
    ]);
    await stop();
  });

  it('ends with a coded notice and points without values, and does not begin again', async () => {
    const { clock, rows, notices, reconnects, file, stop } = await playCsv(wide, pointsOf(['flow']));
    await clock.advance(3_600_000);
    expect(rows().slice(3)).toEqual([[13_000, 0, Number.NaN, 'not-connected']]);
    expect(notices).toMatchObject([{ kind: 'replay-ended', active: true, observed: 3 }]);
    const [notice] = notices;
    expect(notice?.active && notice.error).toMatchObject({
      code: 'LL-REPLAY-ENDED',
      message: `ps-1 has played all of ${file}: 3 values`,
    });
    expect(reconnects()).toBe(0);
    await stop();
  });

  it.each([
    [{}, [0, 1000, 7000]],
    [{ speed: 10 }, [0, 100, 700]],
    [{ speed: 0.5 }, [0, 2000, 14_000]],
    [{ speed: 10, startAt: '2025-03-01T00:00:01Z' }, [0, 600]],
  ])('has its times moved to now at the pace of %j', async (options, offsets) => {
    const { clock, batches, stop } = await playCsv(wide, pointsOf(['flow']), options);
    await clock.advance(30_000);
    expect(batches.slice(0, -1).map(({ times }) => times[0]! - startMs)).toEqual(offsets);
    await stop();
  });

  it.each([[{ speed: 'max' }], [{ speed: 1000, times: 'original' }]])(
    'keeps its own times with %j',
    async (options) => {
      const { clock, batches, stop } = await playCsv(wide, pointsOf(['flow']), options);
      await clock.advance(20);
      const times = batches.map(({ times: [time] }) => new Date(time!).toISOString());
      expect(times).toEqual(['00:00:00', '00:00:01', '00:00:07', '00:00:13'].map((time) => `2025-03-01T${time}.000Z`));
      await stop();
    },
  );

  it('begins again with `loop`, one step after its last row', async () => {
    const { clock, rows, notices, stop } = await playCsv(wide, pointsOf(['flow']), { loop: true });
    await clock.advance(20_000);
    expect(rows().map(([atMs]) => atMs)).toEqual([0, 1000, 7000, 13_000, 14_000, 20_000]);
    expect(notices).toEqual([]);
    await stop();
  });

  it('names bad places with file and line, counts them, and goes on', async () => {
    const bad =
      'time,flow\n2025-03-01 00:00:00,1\nyesterday,2\n2025-03-01 00:00:02,three\n2025-03-01 00:00:03,4,5\n2025-03-01 00:00:04,"6\n';
    const { clock, rows, notices, warnings, file, stop } = await playCsv(bad, pointsOf(['flow']));
    await clock.advance(10_000);
    expect(rows().slice(0, 3)).toEqual([
      [0, 0, 1, 'good'],
      [2000, 0, Number.NaN, 'bad'],
      [3000, 0, 4, 'good'],
    ]);
    expect(warnings.map((text) => text.replace(file, 'F'))).toEqual([
      expect.stringContaining('LL-REPLAY-ROW F:3: "yesterday" is no time'),
      'LL-REPLAY-ROW F:4: "three" in column "flow" is no number',
      'LL-REPLAY-ROW F:5: 3 cells under 2 headers',
      'LL-REPLAY-ROW F:6: a quote of this row is never closed',
    ]);
    const [notice] = notices;
    expect(notice?.active && notice.error.message).toContain(`4 places could not be read, the first at ${file}:3`);
    await stop();
  });

  it('may have a row per value, with a quality', async () => {
    const long = `Time;Tag;Value;Quality
2025-03-01T00:00:00Z;flow;1,5;good
2025-03-01T00:00:00Z;ps-1/p-out;0.3;
2025-03-01T00:00:02Z;other;7;
2025-03-01T00:00:03Z;flow;2;stale
2025-03-01T00:00:03Z;p-out;0.4;66
2025-03-01T00:00:04Z;flow;1;wrong
`;
    const { clock, rows, warnings, stop } = await playCsv(long, pointsOf(['flow', 'p-out']));
    await clock.advance(5000);
    expect(rows().slice(0, 4)).toEqual([
      [0, 0, 1.5, 'good'],
      [0, 1, 0.3, 'good'],
      [3000, 0, 2, 'stale'],
      [3000, 1, 0.4, 'out-of-range'],
    ]);
    expect(warnings).toEqual([expect.stringContaining(':7: "wrong" is no quality')]);
    await stop();
  });

  it.each([
    ['a column per tag', 'time,recipe,flow\n1000000000,二号配方,1\n1000000001,,2\n'],
    [
      'a row per value',
      'time,tag,value\n1000000000,recipe,二号配方\n1000000000,flow,1\n1000000001,recipe,\n1000000001,flow,2\n',
    ],
  ])('may hold texts, with %s', async (_, content) => {
    const [recipe, flow] = pointsOf(['recipe', 'flow']);
    const points = [{ ...recipe!, type: 'string-utf8' as const }, flow!];
    const { clock, batches, rows, warnings, stop } = await playCsv(content, points);
    await clock.advance(1500);
    expect(rows().map(([, tag, value, quality]) => [tag, value, quality])).toEqual([
      [0, textValue('二号配方'), 'good'],
      [1, 1, 'good'],
      [0, Number.NaN, 'bad'],
      [1, 2, 'good'],
    ]);
    expect(batches.map(({ texts }) => texts?.get(0))).toEqual(['二号配方', undefined]);
    expect(warnings).toEqual([]);
    await stop();
  });

  it('is read with Chinese headers in GB 18030, quoted cells and columns named by `node`', async () => {
    // 时间,"出水,流量" in GB 18030
    const header = Uint8Array.of(
      0xca,
      0xb1,
      0xbc,
      0xe4,
      0x2c,
      0x22,
      0xb3,
      0xf6,
      0xcb,
      0xae,
      0x2c,
      0xc1,
      0xf7,
      0xc1,
      0xbf,
      0x22,
    );
    const content = Buffer.concat([header, Buffer.from('\r\n2025/3/1 8:00,5\r\n2025/3/1 8:01,"6"')]);
    const { clock, rows, stop } = await playCsv(content, pointsOf(['flow'], { flow: '出水,流量' }), {
      utcOffset: '+08:00',
    });
    await clock.advance(60_000);
    expect(rows().slice(0, 2)).toEqual([
      [0, 0, 5, 'good'],
      [60_000, 0, 6, 'good'],
    ]);
    await stop();
  });

  it('is read piece by piece, every row once, whatever its size', async () => {
    const rowCount = 60_000;
    const lines = Array.from({ length: rowCount }, (_, row) => `${1_700_000_000 + row},${row},"${row % 7}\n${row}"`);
    const { clock, batches, stop } = await playCsv(`t,flow,note\n${lines.join('\n')}\n`, pointsOf(['flow']), {
      speed: 'max',
    });
    await clock.advance(1);
    expect(batches.slice(0, -1).every(({ values }, row) => values[0] === row)).toBe(true);
    expect(batches).toHaveLength(rowCount + 1);
    await stop();
  });
});

describe('times of a CSV file', () => {
  it.each([
    ['2025-03-01T08:00:00+08:00', 0],
    ['2025-03-01 00:00', 0],
    ['2025/3/1 0:00:00.250', 250],
    ['2025-03-01', 0],
    ['1740787200', 0],
    ['1740787200000', 0],
    ['1740787200.5', 500],
  ])('%s', (text, offset) => {
    expect(parseTime(text, 0) - Date.UTC(2025, 2, 1)).toBe(offset);
  });

  it.each(['', 'noon', '2025-02-30', '2025-03-01 25:00', '01/03/2025'])('"%s" is none', (text) => {
    expect(parseTime(text, 0)).toBeNaN();
  });

  it('come back from every instant as it is written with an offset', () => {
    const instants = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(instants, (ms) => {
        expect(parseTime(new Date(ms).toISOString(), 480)).toBe(ms);
        expect(parseTime(new Date(ms).toISOString().slice(0, -1).replace('T', ' '), 480)).toBe(ms - 480 * 60_000);
      }),
    );
  });
});

describe('a replayed device in gateway.yaml', () => {
  async function check(device: string, csv = wide, points = 'tag,node\nflow,\npressure,p-out\n') {
    const folder = await newFolder();
    await writeFile(
      join(folder, 'gateway.yaml'),
      `gateway: { id: gw }\ndevices:\n  - { id: ps-1, driver: replay, points: p.csv, ${device} }\n`,
    );
    await writeFile(join(folder, 'p.csv'), points);
    await writeFile(join(folder, 'history.csv'), csv);
    const sinks = [{ name: 'none', options: replayDriver.options }];
    return loadGateway(join(folder, 'gateway.yaml'), { drivers: [replayDriver], sinks, modelsFolder: folder });
  }

  it('needs only tags of its points, and a file beside it', async () => {
    const { errors, warnings } = await check('endpoint: "file:history.csv", speed: max');
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  });

  it('tells at the row which point the file has no column for', async () => {
    const { errors, warnings } = await check('endpoint: "file:history.csv"', wide, 'tag,node\nflwo,\npressure,p-out\n');
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'LL-REPLAY-COLUMN', line: 2, path: 'tag', fix: 'did you mean "flow"?' }]);
  });

  it.each([
    ['endpoint: "history.csv"', 'LL-REPLAY-ENDPOINT', 'file:PATH'],
    ['endpoint: "file:histroy.csv"', 'LL-REPLAY-FILE', 'there is no such file'],
    ['endpoint: "file:history.csv", time: tmie', 'LL-REPLAY-COLUMN', 'did you mean "time"?'],
    ['endpoint: "file:history.csv", speed: max, loop: true', 'LL-REPLAY-OPTIONS', 'never end'],
    ['endpoint: "file:history.csv", speed: max, times: now', 'LL-REPLAY-OPTIONS', 'same time'],
    ['endpoint: "file:."', 'LL-REPLAY-FILE', 'recording.json'],
    ['endpoint: "file:history.csv", speed: fast', 'LL-CONFIG-VALUE', ''],
  ])('is refused with %s', async (device, code, message) => {
    const { errors } = await check(device);
    expect(errors).toMatchObject([{ code, line: 3, message: expect.stringContaining(message) }]);
  });
});
