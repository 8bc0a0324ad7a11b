import { describe, expect, it } from 'vitest';
import { onCurve, primaryCurve, qualityRegulation, secondaryCurve } from '../../simulator/heating/weather-curve.ts';

/** Table of the domain reference 1.2 for 75/50 °C and rooms of 20 °C: outdoor, supply, return. */
const table = [
  [5, 42.8, 34.3],
  [0, 48.7, 37.4],
  [-5, 54.5, 40.3],
  [-10, 60, 43.1],
  [-15, 65.4, 45.6],
  [-20, 70.7, 48],
  [-24.2, 75, 50],
  [-30, 80.9, 52.6],
] as const;

describe('weather compensation', () => {
  it.each(table)('asks at %d °C for %d °C, and %d °C come back', (outdoorC, supplyC, returnC) => {
    const exact = qualityRegulation(outdoorC);
    expect(Math.abs(exact.supplyC - supplyC)).toBeLessThan(0.06);
    expect(Math.abs(exact.returnC - returnC)).toBeLessThan(0.06);
    expect(Math.abs(onCurve(secondaryCurve, outdoorC) - supplyC)).toBeLessThan(0.15);
  });

  it('stays within 0.15 K of the regulation between its six points', () => {
    expect(secondaryCurve.length).toBe(6);
    for (let outdoorC = 10; outdoorC >= -30; outdoorC -= 0.1) {
      const off = onCurve(secondaryCurve, outdoorC) - qualityRegulation(outdoorC).supplyC;
      expect(Math.abs(off)).toBeLessThan(0.15);
    }
  });

  it('holds its ends and never falls as it gets colder', () => {
    expect(onCurve(primaryCurve, 25)).toBe(70);
    expect(onCurve(primaryCurve, -40)).toBe(120);
    for (let outdoorC = 20; outdoorC > -40; outdoorC--)
      expect(onCurve(primaryCurve, outdoorC - 1)).toBeGreaterThanOrEqual(onCurve(primaryCurve, outdoorC));
  });
});
