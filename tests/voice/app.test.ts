import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { publicReach, type Reach } from '../../server/outgoing/reach.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { aPng } from './pictures.ts';

const post = (id: string, text: string, more: object = {}) => ({
  kind: 'post',
  network: 'mastodon',
  id,
  author: `author-${id}`,
  name: 'Tomas Reyes',
  handle: '@tomas@social.example',
  text,
  type: 'post',
  at: Date.now() - MINUTE,
  seen: Date.now() - MINUTE,
  ...more,
});

const boardOf = async (app: AnApp, board: string): Promise<Snapshot> => {
  const { name, value } = await passOf(app);
  const answer = await fetch(`${app.url}/api/snapshot/${board}`, { headers: { cookie: `${name}=${value}` } });
  return (await answer.json()) as Snapshot;
};

describe('what customers say, in the whole of First Ring', () => {
  it('names nobody on a board without names, and shows no post of X there', async () => {
    await using app = await anApp({ ...DESK_NEEDS, clock: systemClock });
    await send(app, [
      post('1', 'Words on Mastodon.', { at: Date.now() - HOUR }),
      ...Array.from({ length: 25 }, (_, i) => post(`x${i}`, `Words on X, ${i}.`, { network: 'x' })),
    ]);
    const all = await app.until(({ mentions }) => mentions?.latest.length === 20);
    expect(all.mentions).toMatchObject({ names: true, today: expect.any(Number) });
    expect(all.mentions?.latest.every(({ name }) => name === 'Tomas Reyes')).toBe(true);
    const lobby = await boardOf(app, 'lobby');
    expect(lobby.mentions).toMatchObject({ names: false, today: all.mentions?.today });
    expect(lobby.mentions?.latest).toEqual([
      expect.objectContaining({ text: 'Words on Mastodon.', name: '', handle: '', avatar: null }),
    ]);
    expect(JSON.stringify(lobby)).not.toMatch(/tomas/i);
  });

  it('takes the quote of the day by itself within seconds, and another when the post is deleted', async () => {
    await using app = await anApp({ ...DESK_NEEDS, clock: systemClock });
    await send(app, [
      post('1', 'So grateful: a kind person answered the phone at once.'),
      post('2', 'Thank you, you were kind to my mother.'),
    ]);
    await app.until(({ quote }) => quote?.text === 'So grateful: a kind person answered the phone at once.');
    await send(app, [{ kind: 'post_delete', network: 'mastodon', id: '1', at: Date.now() }]);
    const { quote } = await app.until((snapshot) => snapshot.quote?.text.startsWith('Thank you') === true);
    expect(quote).toMatchObject({ cite: 'on Mastodon' });
  });

  it('shows authors by pictures that it fetched once itself, from its own address', async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const made =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=pics.example';
    const names = ['-addext', 'subjectAltName=DNS:pics.example'];
    execFileSync('openssl', [...made.split(' '), '-keyout', key, '-out', cert, ...names], {
      stdio: 'ignore',
    });
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')]);
    let asked = 0;
    const server = createServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (_request, response) => {
        asked += 1;
        response.writeHead(200, { 'content-type': 'image/png' }).end(aPng());
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reach: Reach = {
      lookup: async (host) => (host === 'pics.example' ? ['127.0.0.1'] : ['10.0.0.1']),
      may: (address, to) => (address === '127.0.0.1' && to === port) || publicReach.may(address, to),
    };
    {
      await using app = await anApp({ ...DESK_NEEDS, clock: systemClock, reach });
      const avatar = `https://pics.example:${port}/tomas.png`;
      await send(app, [
        post('1', 'Hello.', { avatar }),
        post('2', 'Hello again.', { avatar }),
        post('3', 'From inside.', { avatar: 'https://inner.example/x.png', at: Date.now() - HOUR }),
      ]);
      const { mentions } = await app.until(
        (snapshot) => snapshot.mentions?.latest.filter((one) => one.avatar !== null).length === 2,
      );
      expect(asked).toBe(1);
      expect(JSON.stringify(mentions)).not.toContain('pics.example');
      const { name, value } = await passOf(app);
      const picture = await fetch(`${app.url}${mentions?.latest[0]?.avatar}`, {
        headers: { cookie: `${name}=${value}` },
      });
      expect(Buffer.from(await picture.arrayBuffer())).toEqual(aPng());
      expect(mentions?.latest.at(-1)).toMatchObject({ text: 'From inside.', avatar: null });
      expect(app.logged).toEqual([]);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    setDefaultCACertificates(trusted);
    folder[Symbol.dispose]();
  });
});
