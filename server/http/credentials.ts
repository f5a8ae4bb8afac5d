import { randomInt, timingSafeEqual } from 'node:crypto';
import { digestOf } from './ingest-tokens.ts';
import { hashPassword, passwordFits } from './password.ts';

/** Small settings that outlive a restart; the store's. */
export interface Meta {
  meta(name: string): Promise<string | null>;
  setMeta(name: string, value: string): Promise<void>;
}

export interface CredentialsNeeds {
  demo: boolean;
  /** From the environment; null when not set there. */
  adminPassword: string | null;
  tvToken: string | null;
  meta: Meta;
  /** Writes to the console, not the log: what is said here is secret and said once. */
  say: (line: string) => void;
}

/** What opens the lock, in the forms it is kept in. At least one of the two is there. */
export interface Credentials {
  /** argon2id, in PHC form. */
  adminHash: string | null;
  /** SHA-256 in hex. */
  tvDigest: string | null;
}

const ADMIN = 'lock.admin';
const TV = 'lock.tv';

/**
 * The environment's credentials, else the stored ones, else new ones, told once on the console. Null (no lock) only
 * in the demo with nothing set.
 */
export async function findCredentials(needs: CredentialsNeeds): Promise<Credentials | null> {
  const { demo, adminPassword, tvToken, meta } = needs;
  const fromOutside = adminPassword !== null || tvToken !== null;
  if (!fromOutside && demo) return null;
  const [storedAdmin, storedTv] = [await meta.meta(ADMIN), await meta.meta(TV)];
  if (!fromOutside && storedAdmin === null && storedTv === null) return makeNew(needs);
  return {
    adminHash: adminPassword === null ? storedAdmin : await keepPassword(meta, adminPassword, storedAdmin),
    tvDigest: tvToken === null ? storedTv : await keepToken(meta, tvToken, storedTv),
  };
}

/** Is this the TV's token? In constant time. */
export function isTvToken(credentials: Credentials, token: string): boolean {
  if (credentials.tvDigest === null) return false;
  return timingSafeEqual(digestOf(token), Buffer.from(credentials.tvDigest, 'hex'));
}

async function makeNew({ meta, say }: CredentialsNeeds): Promise<Credentials> {
  const [password, token] = [randomWords(), randomWords()];
  const credentials = { adminHash: await hashPassword(password), tvDigest: digestOf(token).toString('hex') };
  await meta.setMeta(ADMIN, credentials.adminHash);
  await meta.setMeta(TV, credentials.tvDigest);
  say('');
  say(
    'This is the first start with your own data, so First Ring has made a lock. It is shown only this once:',
  );
  say(`  Admin password: ${password}`);
  say(`  TV token:       ${token}    (open /wall?token=${token} once on each TV)`);
  say(
    'To choose your own, or when these are lost, set FIRST_RING_ADMIN_PASSWORD and FIRST_RING_TV_TOKEN and start again.',
  );
  say('');
  return credentials;
}

/** The stored hash while it fits, so that sessions live on; a new one, which ends them, when the password changed. */
async function keepPassword(meta: Meta, password: string, stored: string | null): Promise<string> {
  if (stored !== null && (await passwordFits(password, stored))) return stored;
  const fresh = await hashPassword(password);
  await meta.setMeta(ADMIN, fresh);
  return fresh;
}

async function keepToken(meta: Meta, token: string, stored: string | null): Promise<string> {
  const digest = digestOf(token).toString('hex');
  if (digest !== stored) await meta.setMeta(TV, digest);
  return digest;
}

/** No letter or digit that looks like another: a token may be typed with a TV's remote control. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Four groups of five, 99 bits. */
function randomWords(): string {
  const group = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
