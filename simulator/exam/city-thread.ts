import { parentPort, workerData } from 'node:worker_threads';
import { type CityFeedOptions, openCity } from './city-feed.ts';
import { type CityReply, type CityRequest, describePlc, memoryOf, type Stretch } from './frames.ts';
import { StretchRecorder } from './stretch-recorder.ts';

/** Frames of one stretch: a message every minute of city time. */
const framesPerStretch = 60;

const options = workerData as CityFeedOptions;
const city = await openCity(options);
const recorder = new StretchRecorder(city.scans, options.startMs, options.stepS);

function reply(message: CityReply, stretch: Stretch): void {
  parentPort?.postMessage(message, memoryOf(stretch));
}

const first = await recorder.record(1, async () => []);
const { assets, kinds, scans } = city;
reply({ type: 'built', city: { assets, kinds, plcs: scans.map(({ plc }) => describePlc(plc)) }, first }, first);

/** Requests are answered one after another. */
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: CityRequest) => {
  turn = turn.then(async () => {
    if (request.type === 'play') return city.play(request.happenings);
    const stretch = await recorder.record(framesPerStretch, () => city.step(), request.into);
    reply({ type: 'stretch', stretch }, stretch);
  });
});
