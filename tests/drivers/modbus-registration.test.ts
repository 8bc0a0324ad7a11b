import { describe, expect, test } from 'vitest';
import { idPlaceholder, registrationOf } from '../../drivers/modbus/registration.ts';

/** What is made of the bytes: `yes`, `wait` for what may follow, or `no`. */
function verdict(heard: string | Buffer, id: string, registration = idPlaceholder, heartbeat?: string): string {
  const found = registrationOf({ id, registration, heartbeat }).find(Buffer.from(heard as string));
  if (!found) return 'no';
  return found.certain ? 'yes' : 'wait';
}
const hex = (digits: string) => Buffer.from(digits, 'hex');

describe('a registration', () => {
  test.each([
    ['the id alone, of which more may come', '861234056789012', 'wait'],
    ['a line end after it', '861234056789012\r\n', 'yes'],
    ['a banner before it', 'READY\r\n861234056789012', 'wait'],
    ['the heartbeat stuck to its end', '861234056789012HB', 'yes'],
    ['the beginning of a heartbeat stuck to its end', '861234056789012H', 'wait'],
    ['heartbeats stuck to its front', 'HBHB861234056789012', 'wait'],
    ['itself twice', '861234056789012861234056789012', 'yes'],
    ['not yet all of it', '86123405678901', 'no'],
    ['a longer id that begins with it', '8612340567890123', 'no'],
    ['a longer id that ends with it', '9861234056789012', 'no'],
    ['a prefix that nobody told of', 'REG861234056789012', 'no'],
  ])('by text: %s', (_, heard, expected) => {
    expect(verdict(heard, '861234056789012', idPlaceholder, 'HB')).toBe(expected);
  });

  test.each([
    ['REG:17', 'REG:{id}', 'wait'],
    ['REG:17;', 'REG:{id};', 'yes'],
    ['REG:171', 'REG:{id}', 'no'],
    ['IMEI=17,SIM=89860', '/IMEI=(\\d+)/', 'wait'],
    ['IMEI=171,SIM=89860', '/IMEI=(\\d+)/', 'no'],
    ['IMEI=9,IMEI=17,', '/IMEI=(\\d+),/', 'wait'],
  ])('%s as %s: %s', (heard, registration, expected) => {
    expect(verdict(heard, '17', registration)).toBe(expected);
  });

  test.each([
    ['7e00110d', '0x0011', '0x7e{id}0d', 'wait'],
    ['7e00110dfe', '0x0011', '0x7e{id}0d', 'yes'],
    ['fe7e00110d', '0x0011', '0x7e {id} 0d', 'wait'],
    ['7e00110d55', '0x0011', '0x7e{id}0d', 'no'],
    ['017e00110d', '0x0011', '0x7e{id}0d', 'no'],
    ['7e31370d', '17', '0x7e{id}0d', 'wait'],
  ])('by bytes: %s for %s as %s: %s', (heard, id, registration, expected) => {
    expect(verdict(hex(heard), id, registration, '0xfe')).toBe(expected);
  });

  test.each([
    ['REG', 'has no {id}'],
    ['{id}{id}', 'has no {id}, or several'],
    ['0x7{id}', 'not made of pairs'],
    ['/IMEI=(/', 'is no pattern'],
    ['/IMEI=\\d+/', 'has no group'],
  ])('cannot be %s: %s', (registration, why) => {
    expect(() => verdict('', '17', registration)).toThrow(
      expect.objectContaining({ code: 'LL-MODBUS-OPTIONS', message: expect.stringContaining(why) }),
    );
  });
});
