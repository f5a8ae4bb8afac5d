import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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

const EXIM = process.env.EXIM_PATH ?? '/usr/sbin/exim4';
const ABSENT = `Exim is not at ${EXIM}, so what needs a real mail server to send by was NOT tested.
Install it with: sudo apt-get install -y --no-install-recommends exim4-daemon-light
(or name another with EXIM_PATH)`;

let wasSaid = false;

export const SMTP_USER = 'first-ring';
export const SMTP_PASSWORD = 'not-a-real-secret';
/** The domain that it takes mail for. These addresses in it are refused for good, and for now. */
export const DOMAIN = 'harbor.example';
export const REFUSED = `nobody-here@${DOMAIN}`;
export const PUT_OFF = `later@${DOMAIN}`;

export interface EximOptions {
  /** Files of a key and a certificate for STARTTLS and for TLS from the first byte; without them it offers neither. */
  tls?: { key: string; cert: string };
  /** Takes mail from nobody who has not logged in; otherwise from everybody on this machine. */
  login?: boolean;
}

/** A real Exim of its own, in a temporary folder, on ports of the system's choice. Nothing leaves this machine. */
export interface Exim extends AsyncDisposable {
  port: number;
  /** TLS from the first byte. */
  tlsPort: number;
  stop(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
  /** Every message that was delivered so far, as it arrived in its mailbox; the earliest first. */
  delivered(): string[];
  /** Resolves once so many were delivered. */
  deliveredCount(count: number): Promise<string[]>;
  log(): string;
}

/** A `describe` for what needs a real mail server to send by; absent it throws on a CI machine, elsewhere it says so and skips. */
export function describeWithExim(name: string, tests: () => void): void {
  const present = existsSync(EXIM);
  if (!present && process.env.CI === 'true') throw new Error(ABSENT);
  if (!present && !wasSaid) process.stderr.write(`\n${'='.repeat(72)}\n${ABSENT}\n${'='.repeat(72)}\n\n`);
  wasSaid = !present;
  describe.skipIf(!present)(name, tests);
}

/** Starts one. As root it drops to `nobody`; as an ordinary user it runs as that. */
export async function openExim(options: EximOptions = {}): Promise<Exim> {
  if (!existsSync(EXIM)) throw new Error(ABSENT);
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  const runAs = account();
  const [port, tlsPort] = [await freePort(), await freePort()];
  for (const name of ['spool', 'log', 'mail']) {
    mkdirSync(join(folder.path, name));
    own(join(folder.path, name), runAs);
  }
  if (options.tls !== undefined) {
    copyFileSync(options.tls.cert, join(folder.path, 'cert.pem'));
    copyFileSync(options.tls.key, join(folder.path, 'key.pem'));
    for (const name of ['cert.pem', 'key.pem']) own(join(folder.path, name), runAs);
  }
  const config = join(folder.path, 'exim.conf');
  writeFileSync(config, configText(folder.path, runAs, { port, tlsPort }, options));
  const log = (): string => readLog(folder.path);
  let child: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    endWithChildren(child);
    await gone;
    // A child that still serves somebody holds the port a little longer.
    while (await listens(port)) await delay(5);
  };
  // A test that ran out of time cleans up nothing.
  const atExit = (): void => endWithChildren(child);
  process.once('exit', atExit);
  const start = async (): Promise<void> => {
    const [command, ...args] = [...dropTo(runAs), EXIM, '-C', config, '-bdf'];
    child = spawn(command ?? EXIM, args, { stdio: 'ignore', detached: true });
    await untilItGreets('Exim', () => greets(port), log);
  };
  await start();
  const delivered = (): string[] => readMail(join(folder.path, 'mail', 'new'));
  return {
    port,
    tlsPort,
    stop,
    start,
    delivered,
    async deliveredCount(count) {
      for (let tries = 0; tries < 400; tries += 1) {
        const mails = delivered();
        if (mails.length >= count) return mails;
        await delay(25);
      }
      throw new Error(`Exim delivered ${delivered().length} of ${count} mails:\n${log()}`);
    },
    log,
    async [Symbol.asyncDispose]() {
      await stop();
      process.off('exit', atExit);
      folder[Symbol.dispose]();
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const say = (is: boolean): void => {
      socket.end('QUIT\r\n');
      resolve(is);
    };
    socket.setTimeout(2_000, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(false));
    socket.once('data', (bytes) => say(bytes.toString().startsWith('220 ')));
  });
}

function readMail(box: string): string[] {
  if (!existsSync(box)) return [];
  // A Maildir's names begin with the second of delivery, and after that H…: in order of receipt within our few mails.
  return readdirSync(box)
    .sort()
    .map((name) => readFileSync(join(box, name), 'utf8'));
}

function readLog(folder: string): string {
  const file = join(folder, 'log', 'main.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function configText(
  folder: string,
  { user, group }: Account,
  { port, tlsPort }: { port: number; tlsPort: number },
  { tls, login = false }: EximOptions,
): string {
  const encryption =
    tls === undefined
      ? 'tls_advertise_hosts ='
      : `tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
tls_on_connect_ports = ${tlsPort}`;
  return `exim_path = ${EXIM}
exim_user = ${user}
exim_group = ${group}
never_users =
deliver_drop_privilege = true
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s.log
pid_file_path = ${folder}/exim.pid
primary_hostname = mail.${DOMAIN}
local_interfaces = <; [127.0.0.1]:${port}${tls === undefined ? '' : ` ; [127.0.0.1]:${tlsPort}`}
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
add_environment = PATH=/usr/bin:/bin
acl_smtp_rcpt = rcpt
${encryption}

begin acl
rcpt:
  ${login ? 'require message = log in first\n          authenticated = *' : ''}
  deny local_parts = nobody-here
       message = there is no $local_part@$domain here
  defer local_parts = later
        message = come again later
  accept domains = ${DOMAIN}
  deny message = relay not permitted

begin routers
here:
  driver = accept
  transport = mailbox

begin transports
mailbox:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  envelope_to_add
  return_path_add
  user = ${user}
  group = ${group}

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${SMTP_USER}}}{eq{$auth3}{${SMTP_PASSWORD}}}}{yes}{no}}
  server_set_id = $auth2
`;
}
