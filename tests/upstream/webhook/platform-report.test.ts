import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadContext } from '../../../edge/cli/product.ts';
import { callBackSpec, meanings } from '../../../edge/upstream/webhook/call-back-spec.ts';
import { readReport } from '../../../edge/upstream/webhook/platform-report.ts';

const folder = fileURLToPath(new URL('reports/', import.meta.url));
const shipped = parse(readFileSync(`${loadContext.modelsFolder}/platforms/city-12319.yaml`, 'utf8')).callBack;
const at = { sink: 'city', gateway: 'hrb-07' };
const named = callBackSpec.parse({});

describe('what a platform reports about a case', () => {
  it.each(readdirSync(folder))('%s equals its golden file', (name) => {
    const own = `${folder}${name}/callBack.yaml`;
    const spec = callBackSpec.parse(existsSync(own) ? parse(readFileSync(own, 'utf8')) : shipped);
    const read = readReport(JSON.parse(readFileSync(`${folder}${name}/body.json`, 'utf8')), spec, at);
    const expected = JSON.parse(readFileSync(`${folder}${name}/expected.json`, 'utf8'));
    expect(read instanceof Error ? { code: read.code, message: read.message } : read).toEqual(expected);
  });

  it('has a meaning for each of the seven stages in the shipped mapping', () => {
    const stages = Object.values(callBackSpec.parse(shipped).meanings);
    expect(stages).toEqual(['filed', 'dispatched', 'handled', 'reported', 'checked', 'closed', 'returned']);
  });

  it('is named by the meanings themselves without a mapping; a comment needs its text', () => {
    const report = { case: 'hrb-07/dma-2/burst/1', note: '已联系', by: '李工' };
    const kinds = meanings.map((status) => readReport({ ...report, status }, named, at));
    expect(kinds.map((read) => 'order' in read && read.order.kind)).toEqual([
      ...Array.from({ length: 7 }, () => 'case-status'),
      ...['acknowledge', 'comment'],
    ]);
    expect(readReport({ ...report, note: ' ', status: 'comment' }, named, at)).toMatchObject({
      code: 'LL-CALLBACK-UNREADABLE',
    });
  });

  it('is refused with a code whatever the body, and never an exception of another kind', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('hrb-07/a/b/1', 'hrb-07/', 'filed', '__proto__', 'constructor', 'x'.repeat(3_000)),
    );
    const body = fc.oneof(
      fc.json().map((json) => JSON.parse(json)),
      fc.dictionary(fc.constantFrom('case', 'status', 'id', 'number', 'unit', 'note', 'by'), text),
    );
    fc.assert(
      fc.property(body, (one) => {
        const read = readReport(one, named, at);
        if (read instanceof Error) expect(read.code).toMatch(/^LL-CALLBACK-(UNREADABLE|STATUS|CASE)$/);
        else expect(read.by.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
