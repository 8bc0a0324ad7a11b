import { parentPort, workerData } from 'node:worker_threads';
import { type CalibrationNews, type CalibrationWork, calibratePart } from './city-history.ts';

const tell = (news: CalibrationNews) => parentPort?.postMessage(news);

tell({ result: await calibratePart(workerData as CalibrationWork, (share) => tell({ share })) });
