import type { Clock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { createCity } from '../../simulator/city/city.ts';
import type { Label } from '../../simulator/city/label.ts';
import { Pace } from '../../simulator/city/pace.ts';
import { CityDesk } from '../../simulator/console/desk.ts';
import { serveCityConsole } from '../../simulator/console/server.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { Programme } from '../../simulator/scenarios/programme.ts';

/** Water and drainage of a January morning behind their page, on a free port; the test moves them. */
export async function openCity(clock: Clock, page?: URL) {
  const startMs = Date.parse('2027-01-12T10:00:00+08:00');
  const city = await createCity({ seed: 3, startMs, utilities: ['water', 'drainage'] });
  const scans = createScans(city.plcs, seededRandom(3, 'plc'));
  const pace = new Pace(1);
  const programme = new Programme({ city, planned: [] });
  const told: Label[] = [];
  const tell = (label: Label) => {
    told.push(label);
    desk.note(label);
  };
  const desk: CityDesk = new CityDesk({ city, scans, pace, programme, clock, tell });
  const web = await serveCityConsole({ desk, pace, port: 0, log: silentLog, ...(page ? { page } : {}) });
  return {
    ...{ city, pace, programme, told, url: web.url },
    /** Moves by `dtS` seconds; the PLCs scan. */
    step(dtS: number) {
      programme.step(dtS, clock.wallMs());
      for (const scan of scans) scan.scan();
    },
    /** Ends the page, not the city. */
    hangUp: () => web.stop(),
    async close() {
      await web.stop();
      city.dispose();
    },
  };
}

export type OpenCity = Awaited<ReturnType<typeof openCity>>;
