import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { start } from '../each-source-check.ts';
import { hurriedClock, imapAt, mailIds } from './an-imap.ts';

/** What the server says to a command instead of what is usual; the tag is put before the last line. */
type Script = (command: string) => string[] | null;

const mail = (seq: number, uid: number, date = '"10-Mar-2026 10:00:00 +0000"'): string => {
  const head = `Message-ID: <q${uid}@cust.example>\r\n\r\n`;
  const person = '((NIL NIL "ann" "cust.example"))';
  const envelope = `(NIL "Hello" ${person} ${person} ${person} NIL NIL NIL NIL NIL)`;
  return `* ${seq} FETCH (UID ${uid} FLAGS () INTERNALDATE ${date} ENVELOPE ${envelope} BODY[HEADER.FIELDS (MESSAGE-ID)] {${head.length}}\r\n${head})`;
};

/** A mail server that knows IMAP4rev1 and nothing more: no IDLE, no CONDSTORE, no ESEARCH. */
async function openOddServer(script: Script) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.write('* OK ready\r\n');
    let text = '';
    socket.on('data', (bytes) => {
      text += String(bytes);
      const lines = text.split('\r\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [tag = '', ...words] = line.split(' ');
        const said = script(words.join(' ')) ?? usual(words.join(' '));
        if (said[0] === 'CUT') socket.destroy();
        else
          socket.write(
            said.map((one, i) => (i === said.length - 1 ? `${tag} ${one}\r\n` : `${one}\r\n`)).join(''),
          );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function usual(command: string): string[] {
  if (command === 'CAPABILITY') return ['* CAPABILITY IMAP4rev1', 'OK'];
  if (command === 'LIST "" ""') return ['* LIST (\\Noselect) "/" ""', 'OK'];
  if (command.startsWith('LIST'))
    return ['* LIST () "/" INBOX', '* LIST (\\Sent) "/" Sent', '* LIST (\\Noselect) "/" Shared', 'OK'];
  if (command.startsWith('EXAMINE Sent'))
    return ['* 0 EXISTS', '* OK [UIDVALIDITY 2]', '* OK [UIDNEXT 1]', 'OK [READ-ONLY]'];
  if (command.startsWith('EXAMINE'))
    return ['* 3 EXISTS', '* OK [UIDVALIDITY 1]', '* OK [UIDNEXT 4]', 'OK [READ-ONLY]'];
  if (command.startsWith('UID SEARCH')) return ['* SEARCH', 'OK'];
  return ['OK'];
}

const searching: Script = (command) =>
  command.startsWith('UID SEARCH SINCE') ? ['* SEARCH 3 1 2 2', 'OK'] : null;

async function toldBy(script: Script, until: number) {
  await using server = await openOddServer(script);
  const source = start(imapAt(server.port, {}, hurriedClock), null);
  await source.until((facts) => facts.length >= until);
  await source.until(() => source.signs() > 0);
  await source.stop();
  return { ids: mailIds(source.facts), cursor: JSON.parse(source.cursor() ?? '{}'), refused: source.refused };
}

let answered = '';
/** Only of the folder with mail. */
const inInbox =
  (script: Script): Script =>
  (command) => {
    if (command.startsWith('EXAMINE')) answered = command;
    return answered.startsWith('EXAMINE Sent') ? null : script(command);
  };

describe('a mail server that knows little', () => {
  it('is read as any other, in whatever order it answers, each mail once', async () => {
    const { ids, cursor } = await toldBy(
      inInbox((command) =>
        command.startsWith('UID FETCH 1:3 ')
          ? [mail(3, 3), mail(1, 1), mail(3, 3), mail(2, 2), 'OK']
          : searching(command),
      ),
      3,
    );
    expect(ids).toEqual(['<q3@cust.example>', '<q1@cust.example>', '<q2@cust.example>']);
    expect(cursor.folders['inbox/inbox/INBOX']).toEqual({ validity: '1', uid: 3, modseq: null });
  });

  it('that does not say which mail comes next is asked what came meanwhile', async () => {
    await using server = await openOddServer(
      inInbox((command) => {
        if (command.startsWith('EXAMINE')) return ['* 3 EXISTS', '* OK [UIDVALIDITY 1]', 'OK [READ-ONLY]'];
        if (command.startsWith('UID SEARCH UID 2:*')) return ['* SEARCH 2 3', 'OK'];
        return command.startsWith('UID FETCH 2:3 ') ? [mail(2, 2), mail(3, 3), 'OK'] : null;
      }),
    );
    const folders = { 'inbox/inbox/INBOX': { validity: '1', uid: 1, modseq: null } };
    const cursor = JSON.stringify({ v: 1, folders, recent: {} });
    const source = start(imapAt(server.port, {}, hurriedClock), cursor);
    await source.until((facts) => facts.length >= 2);
    await source.until(() => source.signs() > 0);
    await source.stop();
    expect(mailIds(source.facts)).toEqual(['<q2@cust.example>', '<q3@cust.example>']);
  });

  it('that gives no date is told so, and the other mails are read', async () => {
    const { ids, refused } = await toldBy(
      inInbox((command) =>
        command.startsWith('UID FETCH 1:3 ')
          ? [mail(1, 1), mail(2, 2, 'NIL'), mail(3, 3), 'OK']
          : searching(command),
      ),
      2,
    );
    expect(ids).toEqual(['<q1@cust.example>', '<q3@cust.example>']);
    expect(refused).toEqual([expect.stringContaining('INTERNALDATE')]);
  });

  it.each<[string, Script, RegExp]>([
    [
      'refuses to search',
      (command) => (command.startsWith('UID SEARCH') ? ['NO not today'] : null),
      /refuses to search|SEARCH/,
    ],
    [
      'refuses to open a folder',
      (command) => (command.startsWith('EXAMINE INBOX') ? ['NO no rights'] : null),
      /does not do EXAMINE \(NO\)/,
    ],
    [
      'refuses to fetch',
      (command) => (command.startsWith('UID FETCH') ? ['NO'] : searching(command)),
      /does not do FETCH \(NO\)/,
    ],
    [
      'cuts the line in the middle of an answer',
      (command) => (command.startsWith('UID FETCH') ? ['CUT'] : searching(command)),
      /closed the connection|failed/,
    ],
  ])('that %s is told, and nothing passes for read', async (_, script, words) => {
    await using server = await openOddServer(inInbox(script));
    const source = start(imapAt(server.port, {}, hurriedClock), null);
    await expect(source.ended).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(words),
    });
    expect(JSON.parse(source.cursor() ?? '{"folders":{}}').folders).not.toHaveProperty('inbox/inbox/INBOX');
  });

  it.each([
    ['no mail server at all', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['one that says goodbye', '* BYE too many connections\r\n'],
  ])('%s is told', async (_, greeting) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(greeting);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(start(imapAt(port, {}, hurriedClock), null).ended).rejects.toMatchObject({
      code: 'unavailable',
    });
    server.close();
  });
});
