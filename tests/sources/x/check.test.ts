import { describe, expect, it } from 'vitest';
import { paths } from '../../support/fake-x.ts';
import { config, fakeX, xAt } from './x-bench.ts';

const never = new AbortController().signal;

describe('the test of a connection to X', () => {
  it('asks only for what costs nothing, changes no rule and opens no stream', async () => {
    const fake = await fakeX();
    fake.rules = [{ id: '1', value: 'cats', tag: 'first-ring' }];
    const said = await xAt(fake).check?.(never);
    expect(said).toBe(
      'X accepts the token and all 2 rules. Of its own, 1 that left the file will be removed. At most 500 posts or $5.00 are read in a day.',
    );
    expect(fake.rules).toEqual([{ id: '1', value: 'cats', tag: 'first-ring' }]);
    const [list, dry, ...others] = fake.asked;
    expect([list?.path, dry?.path, dry?.query.get('dry_run'), others]).toEqual([
      paths.rules,
      paths.rules,
      'true',
      [],
    ]);
  });

  it('says in search mode what the month has used', async () => {
    const fake = await fakeX();
    const said = await xAt(fake, { mode: 'search' }).check?.(never);
    expect(said).toContain('The app has read 1234 posts this month. It will be searched every 5 min.');
    expect(fake.asked.map(({ path }) => path)).toEqual([paths.usage]);
  });

  it('names the rule that X does not take', async () => {
    const fake = await fakeX();
    const check = xAt(fake, { rules: [...config.rules, 'nonsense:1'] }).check?.(never);
    await expect(check).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('not these rules of "x": "nonsense:1" (Reference to invalid operator'),
    });
  });

  it.each<['stream' | 'search', string]>([
    ['stream', paths.rules],
    ['search', paths.usage],
  ])('says how to mend a token that is refused, without the token (%s)', async (mode, path) => {
    const fake = await fakeX();
    fake.failNext(path, { status: 401, body: { title: 'Unauthorized' } });
    const check = xAt(fake, { mode }).check?.(never);
    await expect(check).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('bearer token'),
    });
    await expect(check).rejects.toMatchObject({ message: expect.not.stringContaining(config.token) });
  });

  it('ends when it is told to', async () => {
    const fake = await fakeX();
    fake.failNext(paths.rules, { status: 0, hang: true });
    const stopping = new AbortController();
    const check = xAt(fake).check?.(stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(check).rejects.toThrow('Stopped');
  });
});
