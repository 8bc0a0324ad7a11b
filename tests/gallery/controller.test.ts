import { describe, expect, it } from 'vitest';
import { clearLatches, latch, modeFor, type Seen } from '../../simulator/gallery/controller.ts';
import { neighboursOf, zoneDesigns } from '../../simulator/gallery/layout.ts';

const combined = zoneDesigns[0]!;
const gas = zoneDesigns[3]!;
const quiet: Seen = { ch4: 0, oxygen: 20.9, h2s: 0, temperatureC: 15, smoke: false, occupied: false };
const next = { seen: quiet, latches: clearLatches };

describe('ventilation program', () => {
  it('latches gas at 20 % LEL and releases it below 10', () => {
    const high = latch(clearLatches, { ...quiet, ch4: 20 });
    expect(high.gas).toBe(true);
    expect(latch(high, { ...quiet, ch4: 11 }).gas).toBe(true);
    expect(latch(high, { ...quiet, ch4: 9 }).gas).toBe(false);
    expect(latch(clearLatches, { ...quiet, ch4: 19.9 }).gas).toBe(false);
  });

  it('starts emergency ventilation for gas here or next door', () => {
    const alarmed = { ...clearLatches, gas: true };
    expect(modeFor(gas, quiet, alarmed, [next])).toBe('emergency');
    expect(modeFor(gas, quiet, clearLatches, [next, { seen: quiet, latches: alarmed }])).toBe('emergency');
    expect(modeFor(gas, quiet, clearLatches, [next, next])).toBe('normal');
  });

  it('stops the fans for smoke here or next door, gas or not', () => {
    const smoky = { ...quiet, smoke: true };
    expect(modeFor(combined, smoky, { ...clearLatches, gas: true }, [next])).toBe('stop');
    expect(modeFor(combined, quiet, clearLatches, [{ seen: smoky, latches: clearLatches }])).toBe('stop');
  });

  it('goes on with foul air until oxygen is back at 20 % and H2S below 7 mg/m³', () => {
    const foul = latch(clearLatches, { ...quiet, oxygen: 19.4 });
    expect(latch(foul, { ...quiet, oxygen: 19.9 }).foul).toBe(true);
    expect(latch(foul, { ...quiet, oxygen: 20.1 }).foul).toBe(false);
    const sour = latch(clearLatches, { ...quiet, h2s: 11 });
    expect(latch(sour, { ...quiet, h2s: 8 }).foul).toBe(true);
    expect(latch(sour, { ...quiet, h2s: 6 }).foul).toBe(false);
  });

  it('keeps frost out, but never against gas, lack of oxygen or people', () => {
    const frost = { ...clearLatches, frost: true };
    expect(modeFor(combined, quiet, frost, [next])).toBe('stop');
    expect(modeFor(gas, quiet, frost, [next])).toBe('low');
    expect(modeFor(gas, quiet, { ...frost, gas: true }, [next])).toBe('emergency');
    const thin = { ...quiet, oxygen: 19 };
    expect(modeFor(combined, thin, latch(frost, thin), [next])).toBe('emergency');
    expect(modeFor(combined, { ...quiet, occupied: true }, frost, [next])).toBe('normal');
  });

  it('knows neighbours inside a cabin only', () => {
    expect([0, 1, 2, 3, 4, 5].map(neighboursOf)).toEqual([[1], [0, 2], [1], [4], [3, 5], [4]]);
  });
});
