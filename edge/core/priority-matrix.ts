import type { Priority, RiskLevel } from './alarm.ts';
import type { PackAlarm } from './pack.ts';

/** Classes of the time in which somebody must have acted, by their upper end in minutes; the last one is a shift. */
const responseClassesMin = [5, 15, 60, 480] as const;

/**
 * Priority by how grave the consequence is (rows, the risk level) and how soon somebody must act (columns), as rationalisation
 * by IEC 62682 clause 8 and EEMUA 191 asks for; the figures are our default.
 */
const priorityMatrix: Readonly<Record<RiskLevel, readonly Priority[]>> = {
  I: ['critical', 'critical', 'high', 'medium'],
  II: ['critical', 'high', 'medium', 'low'],
  III: ['high', 'medium', 'medium', 'low'],
  IV: ['high', 'medium', 'medium', 'low'],
};

/** The priority that the matrix gives; beyond a shift the lowest. */
export function priorityBy(riskLevel: RiskLevel, respondWithinMin: number): Priority {
  const column = responseClassesMin.findIndex((most) => respondWithinMin <= most);
  return priorityMatrix[riskLevel][column] ?? 'low';
}

/** In how many minutes somebody must have acted: what the pack says, else the shortest that gives its priority. */
export function respondWithinMin({
  riskLevel,
  priority,
  respondWithinMin: stated,
}: Pick<PackAlarm, 'riskLevel' | 'priority' | 'respondWithinMin'>): number {
  const column = priorityMatrix[riskLevel].indexOf(priority);
  return stated ?? responseClassesMin[column] ?? responseClassesMin[3];
}
