import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { drivers } from '../../drivers/registry.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import { createCity } from '../../simulator/city/city.ts';
import { writeGateway } from '../../simulator/city/write-gateway.ts';
import { demoUtilities } from '../../simulator/scenarios/demo.ts';

const example = resolve(import.meta.dirname, '../../examples/demo');
const modelsFolder = resolve(import.meta.dirname, '../../models');

it('the committed example is what `lifeline sim --write-gateway` writes for the city of the demo', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-example-'));
  const city = await createCity({ seed: 1, startMs: Date.UTC(2027, 0, 12), utilities: demoUtilities });
  const scheme = { 'modbus-tcp': 'tcp', opcua: 'opc.tcp' } as const;
  const plcs = city.plcs.map((plc, index) => ({
    plc,
    endpoint: `${scheme[plc.protocol]}://127.0.0.1:${10_502 + index}`,
  }));
  city.dispose();
  const broker = 'mqtt://127.0.0.1:1883';
  const schema = '../../lifeline.schema.json';
  await writeGateway(folder, { plcs, assets: city.assets, broker, consolePort: 8080, schema });
  const written = (await readdir(folder, { recursive: true })).filter((file) => /\.(yaml|csv)$/.test(file)).sort();
  const committed = (await readdir(example, { recursive: true })).filter((file) => /\.(yaml|csv)$/.test(file)).sort();
  expect(committed).toEqual(written);
  for (const file of written) {
    expect(await readFile(join(example, file), 'utf8'), file).toBe(await readFile(join(folder, file), 'utf8'));
  }
});

it('the example passes its own check without an error or a warning, with at least 12 PLCs and 600 tags', async () => {
  const result = await loadGateway(join(example, 'gateway.yaml'), { drivers, sinks, modelsFolder });
  expect(result.errors).toEqual([]);
  expect(result.warnings).toEqual([]);
  expect(result.gateway!.devices.length).toBeGreaterThanOrEqual(12);
  expect(result.gateway!.tags.size).toBeGreaterThanOrEqual(600);
});
