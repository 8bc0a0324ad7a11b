import { createCity } from '../../simulator/city/city.ts';
import { Programme } from '../../simulator/scenarios/programme.ts';
import { RandomHappenings } from '../../simulator/scenarios/random-happenings.ts';

/** Two hours of a city in which chance rules; prints the fingerprint of its truth and of all that its PLCs then measure. */
const seed = Number(process.argv[2]);
const startMs = Date.UTC(2027, 0, 12, 10);
const city = await createCity({ seed, startMs, utilities: ['gas', 'gallery', 'lighting'] });
const random = new RandomHappenings({ seed, ratePerHour: 20, startMs, kinds: city.happenings });
const programme = new Programme({ city, planned: [], random });
for (let done = 0; done < 720; done++) programme.step(10, 0);
const values = city.plcs.flatMap(({ points }) => points.map((point) => point.read()));
process.stdout.write(JSON.stringify({ ...programme.truth, sum: values.reduce((sum, value) => sum + value, 0) }));
