import { parentPort, workerData } from 'node:worker_threads';
import { type CalibrationNews, type CalibrationWork, calibratePart } from './city-history.ts';
import { memoryOf } from './residuals/city-rows.ts';

const tell = (news: CalibrationNews, memory: readonly ArrayBuffer[] = []) => parentPort?.postMessage(news, memory);

const result = await calibratePart(workerData as CalibrationWork, (share) => tell({ share }));
tell({ result }, 'assets' in result ? memoryOf(result) : []);
