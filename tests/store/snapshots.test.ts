import { expect, it } from 'vitest';
import { openDatabase } from '../../edge/store/database.ts';
import { newFolder, open } from './fixture.ts';

const bodies = new Map([
  ['ps-3/volume', '{"cells":[1,2]}'],
  ["d'ma/值", 'body "with" everything, 值'],
]);

it('snapshots are there after a restart, the newest of each name, apart by area', async () => {
  const dir = await newFolder();
  const store = await open(dir);
  expect(await store.snapshots.load('calculated')).toEqual(new Map());
  await store.snapshots.save('calculated', bodies);
  await store.snapshots.save('other', new Map([['ps-3/volume', 'x']]));
  await store.snapshots.save('calculated', new Map([['ps-3/volume', 'newer']]));
  await store.close();
  const again = await open(dir);
  expect(await again.snapshots.load('calculated')).toEqual(new Map([...bodies, ['ps-3/volume', 'newer']]));
  await again.close();
});

it('a damaged snapshot is left out and told of; the others are there', async () => {
  const dir = await newFolder();
  const store = await open(dir);
  await store.snapshots.save('calculated', bodies);
  await store.close();
  const database = await openDatabase(`${dir}/journal.db`);
  await database.run(`UPDATE snapshots SET body = body || ' ' WHERE name = 'ps-3/volume'`);
  await database.close();
  const again = await open(dir);
  expect([...(await again.snapshots.load('calculated')).keys()]).toEqual(["d'ma/值"]);
  expect(again.notices).toEqual([{ code: 'LL-STORE-RECORD-DAMAGED', message: expect.stringContaining('1 skipped') }]);
  await again.close();
});

it('a closed store refuses them with a code', async () => {
  const store = await open(await newFolder());
  await store.close();
  await expect(store.snapshots.save('calculated', bodies)).rejects.toMatchObject({ code: 'LL-STORE-JOURNAL-WRITE' });
  await expect(store.snapshots.load('calculated')).rejects.toMatchObject({ code: 'LL-STORE-JOURNAL-READ' });
});
