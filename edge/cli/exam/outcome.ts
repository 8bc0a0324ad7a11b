import type { Graded } from '../../../simulator/exam/grading.ts';
import type { Text } from '../../core/text.ts';
import { duration } from './html-words.ts';

/** What came of a happening, the worst first. */
export const outcomes = ['missed', 'annoyed', 'found', 'quiet', 'hidden'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeNames: Readonly<Record<Outcome, Text>> = {
  missed: { zh: '漏报', en: 'Missed' },
  annoyed: { zh: '误报的正常作业', en: 'Normal work, false alarm' },
  found: { zh: '检出', en: 'Detected' },
  quiet: { zh: '正常作业', en: 'Normal work, no alarm' },
  hidden: { zh: '传感器不可见', en: 'No sensor can show it' },
};

/** A sign of its own for each, so that colour is never alone. */
export const outcomeSigns: Readonly<Record<Outcome, string>> = {
  missed: '✗',
  annoyed: '!',
  found: '✓',
  quiet: '–',
  hidden: '?',
};

export function outcomeOf({ truth: { decoy }, observable, detectedAfterS, alarms }: Graded): Outcome {
  if (decoy) return alarms.length > 0 ? 'annoyed' : 'quiet';
  if (detectedAfterS !== undefined) return 'found';
  return observable ? 'missed' : 'hidden';
}

/** The outcome in words, with its figure. */
export function outcomeText(graded: Graded): Text {
  const outcome = outcomeOf(graded);
  const { detectedAfterS, alarms } = graded;
  if (outcome === 'found' && detectedAfterS !== undefined) {
    return { zh: `${duration(detectedAfterS)} 后检出`, en: `Detected after ${duration(detectedAfterS)}` };
  }
  if (outcome === 'annoyed') {
    return { zh: `正常作业，误报 ${alarms.length} 次`, en: `Normal work, false alarms: ${alarms.length}` };
  }
  return outcomeNames[outcome];
}
