import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { describe } from 'vitest';
import {
  type Account,
  account,
  dropTo,
  endWithChildren,
  freePort,
  own,
  untilItGreets,
} from './own-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DOVECOT = process.env.DOVECOT_PATH ?? '/usr/sbin/dovecot';
const ABSENT = `Dovecot is not at ${DOVECOT}, so what needs a real mail server was NOT tested.
Install it with: sudo apt-get install -y dovecot-imapd
(or name another with DOVECOT_PATH)`;

let wasSaid = false;

export const USER = 'support';
export const PASSWORD = 'not-a-real-secret';

export interface DovecotOptions {
  /** Where tokens are looked into; without it no token is good. */
  introspection?: string;
  /** Files of a key and a certificate: it then speaks TLS on `tlsPort`, and STARTTLS. */
  tls?: { key: string; cert: string };
  /** Lines of its configuration that come last. */
  more?: string;
}

/** A real Dovecot of its own, in a temporary folder, on ports of the system's choice. */
export interface Dovecot extends AsyncDisposable {
  port: number;
  tlsPort: number;
  /** Ends it as a machine that is switched off does: no goodbye, and nothing listens any more. */
  stop(): Promise<void>;
  /** Starts it again on the same ports, with the same mails. */
  start(): Promise<void>;
  /** A mail program that is logged in; closed with the server. */
  program(): Promise<ImapFlow>;
  /** Gives the folder another UIDVALIDITY, as a rebuilt server does. */
  renew(folder: string, validity: number): void;
  /** Puts mails into the folder as files, before anybody looks. */
  put(folder: string, mails: readonly { text: string; at: number }[]): void;
  /** Everything that it logged. */
  log(): string;
}

/**
 * A `describe` for what needs a real mail server. Without Dovecot it throws on a CI machine; elsewhere it says once what is
 * missing and skips.
 */
export function describeWithDovecot(name: string, tests: () => void): void {
  const present = isDovecotHere();
  if (!present && process.env.CI === 'true') throw new Error(ABSENT);
  if (!present && !wasSaid) process.stderr.write(`\n${'='.repeat(72)}\n${ABSENT}\n${'='.repeat(72)}\n\n`);
  wasSaid = !present;
  describe.skipIf(!present)(name, tests);
}

export function isDovecotHere(): boolean {
  return existsSync(DOVECOT);
}

/** Starts one. As root it drops to `nobody`; as an ordinary user it runs as that. */
export async function openDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  if (!isDovecotHere()) throw new Error(ABSENT);
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  const runAs = account();
  const [port, tlsPort] = [await freePort(), await freePort()];
  for (const name of ['run', 'state', 'mail']) {
    mkdirSync(join(folder.path, name));
    own(join(folder.path, name), runAs);
  }
  const config = join(folder.path, 'dovecot.conf');
  writeFileSync(join(folder.path, 'passwd'), `${USER}:{PLAIN}${PASSWORD}::::::\n`);
  writeFileSync(join(folder.path, 'oauth2.conf.ext'), oauthText(options.introspection));
  writeFileSync(config, configText(folder.path, runAs, { port, tlsPort }, options));
  if (options.tls !== undefined) {
    // As nobody it may not look into the folder that they come from.
    copyFileSync(options.tls.cert, join(folder.path, 'cert.pem'));
    copyFileSync(options.tls.key, join(folder.path, 'key.pem'));
    for (const name of ['cert.pem', 'key.pem']) own(join(folder.path, name), runAs);
  }
  let child: ChildProcess | null = null;
  const programs: ImapFlow[] = [];
  let filed = 0;

  const stop = async (): Promise<void> => {
    for (const program of programs.splice(0)) program.close();
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    endWithChildren(child);
    await gone;
  };
  // A test that ran out of time cleans up nothing.
  const atExit = (): void => endWithChildren(child);
  process.once('exit', atExit);
  const start = async (): Promise<void> => {
    const [command, ...args] = [...dropTo(runAs), DOVECOT, '-c', config, '-F'];
    child = spawn(command ?? DOVECOT, args, { stdio: 'ignore', detached: true });
    await untilItGreets(
      'Dovecot',
      () => greets(port),
      () => readLog(folder.path),
    );
  };
  await start();
  return {
    port,
    tlsPort,
    stop,
    start,
    log: () => readLog(folder.path),
    async program() {
      const program = new ImapFlow({
        host: '127.0.0.1',
        port,
        secure: false,
        doSTARTTLS: false,
        auth: { user: USER, pass: PASSWORD },
        logger: false,
      });
      program.on('error', () => undefined);
      programs.push(program);
      await program.connect();
      return program;
    },
    renew(name, validity) {
      const [command, ...args] = [
        ...dropTo(runAs),
        DOVECOT.replace(/s?bin\/dovecot$/, 'bin/doveadm'),
        '-c',
        config,
      ];
      const update = ['mailbox', 'update', '-u', USER, '--uid-validity', String(validity), name];
      execFileSync(command ?? '', [...args, ...update], { stdio: 'pipe' });
    },
    put(name, mails) {
      const box = join(folder.path, 'mail', USER, ...(name === 'INBOX' ? [] : [`.${name}`]));
      for (const part of ['', 'cur', 'new', 'tmp']) {
        mkdirSync(join(box, part), { recursive: true });
        own(join(box, part), runAs);
      }
      own(join(folder.path, 'mail', USER), runAs);
      for (const { text, at } of mails) {
        filed += 1;
        const file = join(box, 'cur', `${Math.floor(at / 1_000)}.M${filed}P1.test:2,`);
        writeFileSync(file, text);
        // Dovecot's Maildir takes a file's time for INTERNALDATE.
        utimesSync(file, at / 1_000, at / 1_000);
        own(file, runAs);
      }
    },
    async [Symbol.asyncDispose]() {
      await stop();
      process.off('exit', atExit);
      folder[Symbol.dispose]();
    },
  };
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    // A connection that was taken too early is never greeted.
    socket.setTimeout(100, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('data', (bytes) => end(bytes.toString().startsWith('* OK')));
  });
}

function readLog(folder: string): string {
  const file = join(folder, 'state', 'dovecot.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function oauthText(introspection = 'http://127.0.0.1:9/introspect'): string {
  return `introspection_mode = post
introspection_url = ${introspection}
username_attribute = username
active_attribute = active
active_value = true
`;
}

function configText(
  folder: string,
  { user, group, uid, gid }: Account,
  { port, tlsPort }: { port: number; tlsPort: number },
  { tls, more = '' }: DovecotOptions,
): string {
  const ssl =
    tls === undefined
      ? 'ssl = no'
      : `ssl = yes\nssl_cert = <${folder}/cert.pem\nssl_key = <${folder}/key.pem`;
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/state/dovecot.log
protocols = imap
listen = 127.0.0.1
${ssl}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
mail_uid = ${uid}
mail_gid = ${gid}
mail_location = maildir:${folder}/mail/%u
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
  mailbox Done {
    auto = subscribe
  }
}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u ${folder}/passwd
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf.ext
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u allow_all_users=yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tls === undefined ? 0 : tlsPort}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
auth_failure_delay = 0
mail_max_userip_connections = 50
${more}
`;
}
