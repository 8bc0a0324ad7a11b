import { nodeIdOf } from '../../../simulator/plc/opcua-server.ts';
import type { PlcServer } from '../../../simulator/plc/server.ts';
import type { SimOptions } from './options.ts';

/** Says where the PLCs listen and, when asked, every point that they have. */
export function announce({ list: whole, json }: SimOptions, servers: readonly PlcServer[]): void {
  const list = servers.map(({ plc, endpoint }) => ({
    id: plc.id,
    utility: plc.utility,
    protocol: plc.protocol,
    endpoint,
    unit: plc.unit,
    points: plc.points.map((point) => {
      const { name, table, address, type, order, scale, offset, unit } = point;
      if (plc.protocol === 'opcua') return { name, node: nodeIdOf(plc.id, name), type, scale, offset, unit };
      return { name, table, address, type, order, scale, offset, unit };
    }),
  }));
  const tags = list.reduce((sum, { points }) => sum + points.length, 0);
  if (whole && json) console.log(JSON.stringify(list));
  else if (json) {
    console.log(JSON.stringify({ type: 'listening', plcs: list.length, tags, time: new Date().toISOString() }));
  } else {
    for (const plc of list)
      console.log(`${plc.id.padEnd(16)} ${plc.endpoint.padEnd(30)} unit ${plc.unit}, ${plc.points.length} points`);
    if (whole) {
      for (const plc of list)
        for (const point of plc.points) console.log(`${plc.id}/${point.name}\t${JSON.stringify(point)}`);
    }
    console.error(`${list.length} PLCs, ${tags} points; Ctrl-C stops`);
  }
}
