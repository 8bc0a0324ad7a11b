import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepGrid } from '../../models/training/step-grid.ts';
import { plantGrid } from './plant.ts';

/** Columns of the plant that flow, suction, discharge and power are taken from. */
const columns = [0, 2, 1, 3] as const;

const yaml = (detection: string) => `gateway: { id: gw, timezone: Asia/Shanghai }
devices:
  - { id: ps, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: ps.csv }
assets:
  - { id: ps-1, type: water.pump-station, grid: "1", location: [126, 45], roles: { flow: ps/flow, suction-pressure: ps/suction, discharge-pressure: ps/discharge, power: ps/power } }
  - { id: tank-1, type: water.tank, grid: "1", location: [126, 45], roles: { level: ps/suction } }
detection: { ${detection} }
`;

const table = `tag,table,address,type,order,unit
flow,holding,0,float32,abcd,m3/h
suction,holding,2,float32,abcd,MPa
discharge,holding,4,float32,abcd,MPa
power,holding,6,float32,abcd,kW
`;

/** A folder with `gateway.yaml` of a pump station and a tank that shares a signal with it, and an export `scada.csv`. */
export async function site(detection = '', grid: StepGrid = plantGrid(1, 10)) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-site-'));
  await writeFile(join(folder, 'gateway.yaml'), yaml(detection));
  await writeFile(join(folder, 'ps.csv'), table);
  await writeCsv(join(folder, 'scada.csv'), grid);
  return { folder, config: join(folder, 'gateway.yaml'), csv: join(folder, 'scada.csv') };
}

/** The plant's signals as a SCADA system would export them, in local time of Shanghai. */
async function writeCsv(file: string, grid: StepGrid): Promise<void> {
  const lines = Array.from({ length: grid.steps }, (_, step) => {
    const local = new Date(grid.timeMs(step) - 1000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    return [local, ...columns.map((column) => grid.columns[column]![step])].join(',');
  });
  await writeFile(
    file,
    ['time,ps/flow,suction,ps/discharge,power,visitor', ...lines.map((line) => `${line},1`), ''].join('\n'),
  );
}
