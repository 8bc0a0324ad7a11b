import { describe, expect, it } from 'vitest';
import { declare } from '../../edge/calculation/measure.ts';
import { factorBetween, parseUnit } from '../../edge/core/units.ts';
import { bench, bind } from './fixture.ts';

describe('units', () => {
  it.each([
    ['bar', 'kPa', 100],
    ['MPa', 'bar', 10],
    ['mH2O', 'kPa', 9.80665],
    ['m3/h', 'L/s', 1 / 3.6],
    ['m³/h', 'L/s', 1 / 3.6],
    ['kWh', 'MJ', 3.6],
    ['GJ', 'MWh', 1 / 3.6],
    ['kW', 'W', 1000],
    ['kWh/m3', 'kJ/L', 3.6],
    ['rpm', 'Hz', 1 / 60],
    ['%', '1', 0.01],
    ['mg/L', 'g/m3', 1],
  ])('%s is so many %s', (from, to, factor) => {
    expect(factorBetween(from, to)).toBeCloseTo(factor, 12);
    expect(factorBetween(to, from)).toBeCloseTo(1 / factor, 9);
  });

  it('knows what it does not know', () => {
    for (const unit of ['', ' ', 'NTU', 'kg/s at 0.8 MPa', 'm3/', '/h', 'toString', 'constructor', 'm33']) {
      expect(parseUnit(unit), unit).toBeUndefined();
    }
    expect(factorBetween('m', 'kPa')).toBeUndefined();
    expect(factorBetween('m3/h', 'Nm3/h')).toBeUndefined();
  });
});

/** Unit and value of an expression over [d/a] and [d/b]. */
function result(
  text: string,
  units: readonly string[],
  values: readonly number[],
  declared?: string,
): Readonly<Record<string, unknown>> {
  const bound = bind(text, units);
  if ('error' in bound) return { at: bound.at, message: bound.error.message, fix: bound.fix };
  const { unit, error, warning } = declare(bound.result, declared);
  if (error) return { at: error.at, message: error.error.message };
  const { value } = bench(text, units, 0, declared).at(0, values);
  return { unit, value, ...(warning ? { warning: warning.error.message } : {}) };
}

describe('the unit of a result', () => {
  it('is that of the first summand; the others are converted', () => {
    expect(result('[d/a] + [d/b]', ['bar', 'kPa'], [1, 50])).toEqual({ unit: 'bar', value: 1.5 });
    expect(result('max([d/a], [d/b])', ['m3/h', 'L/s'], [1, 1])).toEqual({ unit: 'm3/h', value: 3.6 });
    expect(result('if([d/a] > [d/b], [d/a], [d/b])', ['bar', 'kPa'], [0.4, 50])).toEqual({ unit: 'bar', value: 0.5 });
    expect(result('[d/a] == [d/b]', ['bar', 'kPa'], [1, 100])).toEqual({ unit: '', value: 1 });
  });

  it('follows from products, quotients and functions', () => {
    expect(result('[d/a] / [d/b]', ['kWh', 'm3'], [10, 5])).toEqual({ unit: 'kWh/m3', value: 2 });
    expect(result('[d/a] * [d/b]', ['m3/h', '%'], [200, 50], 'm3/h')).toEqual({ unit: 'm3/h', value: 100 });
    expect(result('total([d/a])', ['m3/h'], [0])).toMatchObject({ unit: 'm3' });
    expect(result('total([d/a])', ['kW'], [0])).toMatchObject({ unit: 'kWh' });
    expect(result("rate([d/a], '1min', 'h')", ['kPa'], [0])).toMatchObject({ unit: 'kPa/h' });
    expect(result('[d/a] - [d/b]', ['Cel', 'Cel'], [70, 40])).toEqual({ unit: 'K', value: 30 });
    expect(result("delta([d/a], '1h')", ['Cel'], [0])).toMatchObject({ unit: 'K' });
    expect(result('runningHours([d/a])', [''], [0])).toMatchObject({ unit: 'h' });
  });

  it('is converted to the declared one', () => {
    expect(result('[d/a] - [d/b]', ['m3/h', 'm3/h'], [36, 18], 'L/s')).toEqual({ unit: 'L/s', value: 5 });
    expect(result("total([d/a], 's')", ['L/s'], [0], 'm3')).toMatchObject({ unit: 'm3' });
  });

  it('is refused only when it is certainly wrong', () => {
    expect(result('[d/a] + [d/b]', ['bar', 'm3/h'], [1, 1])).toMatchObject({
      at: 8,
      message: expect.stringMatching(/m3\/h cannot be combined with bar/),
    });
    expect(result('[d/a] > [d/b]', ['m', 'kPa'], [1, 1])).toMatchObject({
      fix: { en: 'a head of water has the unit mH2O' },
    });
    expect(result('[d/a] - [d/b]', ['m3/h', 'm3/h'], [1, 1], 'kPa')).toMatchObject({
      message: 'the result is in m3/h, which cannot be shown in kPa',
    });
    expect(result('[d/a] + [d/b]', ['NTU', 'm3/h'], [1, 2], 'kPa')).toEqual({ unit: 'kPa', value: 3 });
    expect(result('[d/a] * 12.5', ['m'], [2], 'm3')).toEqual({ unit: 'm3', value: 25 });
    expect(result('[d/a] + 5', ['bar'], [1], 'bar')).toEqual({ unit: 'bar', value: 6 });
    expect(result('[d/a]', ['Cel'], [20], 'K')).toMatchObject({ warning: expect.stringMatching(/not converted/) });
    expect(result('[d/a] - [d/b]', ['Cel', 'Cel'], [70, 40], 'Cel')).toEqual({ unit: 'Cel', value: 30 });
  });
});
