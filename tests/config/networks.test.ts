import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadGateway } from '../../edge/config/load.ts';
import type { NetworkReader } from '../../edge/config/networks.ts';
import { formatProblem } from '../../edge/config/problem.ts';
import { defineErrors } from '../../edge/core/errors.ts';

const role = (name: string, unit: string) =>
  `      ${name}: { name: { zh: 量, en: Value }, unit: ${unit}, required: false }`;
const pack = `
pack: water
version: 1
name: { zh: 供水, en: Water }
assets:
  district:
    name: { zh: 分区, en: District }
    roles:
${[role('inflow', 'm3/h'), role('outflow', 'm3/h'), role('pressure', 'MPa'), role('pressure-2', 'MPa'), role('chlorine', 'mg/L')].join('\n')}
`;
const points = `tag,table,address,type,unit,asset,role
in,holding,0,float32,m3/h,dma-1,inflow
out,holding,2,float32,m3/h,dma-1,outflow
p1,holding,4,float32,MPa,dma-1,pressure
p2,holding,6,float32,MPa,dma-1,pressure-2
cl,holding,8,float32,mg/L,dma-1,chlorine
`;
const contents = {
  nodes: new Set(['J1', 'J2', 'J3']),
  links: new Set(['P1', 'P2', '-P9']),
  mapped: new Set(['J1', 'J2']),
};

/** Loads a configuration whose networks are as given, line 6 on, in `reader`'s eyes. */
async function load(networks: string, reader: NetworkReader | undefined = async () => contents) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-networks-'));
  await mkdir(join(folder, 'models/water'), { recursive: true });
  await writeFile(join(folder, 'models/water/pack.yaml'), pack);
  await writeFile(join(folder, 'plc.csv'), points);
  const file = join(folder, 'gateway.yaml');
  await writeFile(
    file,
    `gateway: { id: gw-1 }
devices:
  - { id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:502", points: plc.csv }
assets: [{ id: dma-1, type: water.district }]
networks:
${networks}
sinks: [{ id: city, sink: none }]
`,
  );
  const options = z.object({});
  const loaded = await loadGateway(file, {
    modelsFolder: join(folder, 'models'),
    drivers: [{ name: 'modbus', options, needs: ['table', 'address'], validate: () => undefined }],
    sinks: [{ name: 'none', options }],
    ...(reader ? { networks: reader } : {}),
  });
  const told = (problems: typeof loaded.errors) =>
    problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ''));
  return { folder, networks: loaded.gateway?.networks, errors: told(loaded.errors), warnings: told(loaded.warnings) };
}

describe('networks of gateway.yaml', () => {
  it('bind roles to nodes and links, against whose direction a flow may count', async () => {
    const gauges = '{ inflow: [P1, -P2, -P9], outflow: P2, pressure: J1, pressure-2: J3 }';
    const { folder, networks, errors, warnings } = await load(
      `  - { file: net.inp, gauges: { dma-1: ${gauges} }, map: { J1: [126.6, 45.7], J2: [126.7, 45.7] } }`,
    );
    expect([errors, warnings]).toEqual([[], []]);
    expect(networks).toEqual([
      {
        file: join(folder, 'net.inp'),
        kind: 'epanet',
        gauges: [
          {
            ...{ asset: 'dma-1', role: 'inflow', into: 1 },
            links: [
              { id: 'P1', sign: 1 },
              { id: 'P2', sign: -1 },
              { id: '-P9', sign: 1 },
            ],
          },
          { asset: 'dma-1', role: 'outflow', into: -1, links: [{ id: 'P2', sign: 1 }] },
          { asset: 'dma-1', role: 'pressure', node: 'J1' },
          { asset: 'dma-1', role: 'pressure-2', node: 'J3' },
        ],
        map: { J1: [126.6, 45.7], J2: [126.7, 45.7] },
      },
    ]);
  });

  it('name junctions, links and surveyed nodes that the file has', async () => {
    const { errors } = await load(
      [
        '  - file: net.inp',
        '    gauges: { dma-1: { inflow: [P1, P7], outflow: P12, pressure: J22, pressure-2: J3 } }',
        '    map: { J3: [126.6, 45.7], J4: [126.7, 45.7] }',
      ].join('\n'),
    );
    expect(errors).toEqual([
      `gateway.yaml:7:37 networks[0].gauges.dma-1.inflow[1]: net.inp has no link "P7" [LL-CONFIG-REFERENCE]; did you mean "P1"?`,
      `gateway.yaml:7:51 networks[0].gauges.dma-1.outflow: net.inp has no link "P12" [LL-CONFIG-REFERENCE]; did you mean "P1"?`,
      `gateway.yaml:7:66 networks[0].gauges.dma-1.pressure: net.inp has no node "J22" [LL-CONFIG-REFERENCE]; did you mean "J2"?`,
      `gateway.yaml:8:16 networks[0].map.J3: net.inp has no coordinates of node "J3" [LL-CONFIG-REFERENCE]; did you mean "J1"?`,
      `gateway.yaml:8:35 networks[0].map.J4: net.inp has no node "J4" [LL-CONFIG-REFERENCE]; did you mean "J1"?`,
    ]);
  });

  it('name assets and roles that have a tag, each asset once, pressures at one node and nothing but pressures and flows', async () => {
    const { errors } = await load(
      [
        '  - { file: a.inp, gauges: { dma-1: { pressure: [J1, J2], pressure-3: J1, chlorine: J2, pressure-2: J1 } } }',
        '  - { file: b.inp, gauges: { dma-1: { pressure: J1, pressure-2: J2 }, dma-9: { pressure: J1 } } }',
      ].join('\n'),
    );
    expect(errors.map((error) => error.replace(/; .*/, ''))).toEqual([
      'gateway.yaml:7:30 networks[1].gauges.dma-1: "dma-1" has gauges in networks[0] already [LL-CONFIG-DUPLICATE]',
      'gateway.yaml:6:49 networks[0].gauges.dma-1.pressure: "pressure" of "dma-1" is a pressure: it is measured at one node [LL-CONFIG-VALUE]',
      'gateway.yaml:6:59 networks[0].gauges.dma-1.pressure-3: "dma-1" has no tag for its role "pressure-3" [LL-CONFIG-REFERENCE]',
      'gateway.yaml:6:85 networks[0].gauges.dma-1.chlorine: "chlorine" of "dma-1" is in mg/L: neither pressure nor flow [LL-CONFIG-UNIT]',
      'gateway.yaml:7:71 networks[1].gauges.dma-9: asset "dma-9" does not exist [LL-CONFIG-REFERENCE]',
    ]);
  });

  it('have two pressures at least', async () => {
    const none = await load('  - { file: net.inp, gauges: { dma-1: { inflow: P1 } } }');
    expect(none.errors).toEqual([
      expect.stringContaining('networks[0].gauges: no pressure is measured [LL-CONFIG-GAUGES]'),
    ]);
    const one = await load('  - { file: net.inp, gauges: { dma-1: { inflow: P1, pressure: J1 } } }');
    expect(one.errors).toEqual([
      expect.stringContaining('networks[0].gauges: one pressure is measured [LL-CONFIG-GAUGES]'),
    ]);
  });

  it('pass on what is wrong with a file, at the key that names it', async () => {
    const broken = defineErrors('BROKEN', { FILE: { cause: '', retry: false, next: 'mend it' } });
    const entry = '  - { file: net.inp, gauges: { dma-1: { pressure: J1, pressure-2: J2 } } }';
    const { errors } = await load(entry, async () => [broken.create('FILE', 'net.inp:3 is no junction')]);
    expect(errors).toEqual(['gateway.yaml:6:13 networks[0].file: net.inp:3 is no junction [LL-BROKEN-FILE]; mend it']);
  });

  it('are not looked into by a gateway that runs', async () => {
    const { errors, networks } = await load(
      '  - { file: nowhere.inp, gauges: { dma-1: { pressure: J1, pressure-2: J2 } } }',
      undefined,
    );
    expect([errors, networks?.length]).toEqual([[], 1]);
  });
});
