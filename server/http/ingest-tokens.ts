import { hash, timingSafeEqual } from 'node:crypto';

/** Which source a bearer token belongs to; null when it is nobody's. Takes as long for a wrong token as for a right one. */
export type SourceOf = (token: string) => string | null;

/** Keeps only the tokens' SHA-256. */
export function createIngestTokens(senders: readonly { id: string; token: string }[]): SourceOf {
  const known = senders.map(({ id, token }) => ({ id, digest: digestOf(token) }));
  return (token) => {
    const digest = digestOf(token);
    let source: string | null = null;
    for (const sender of known) if (timingSafeEqual(sender.digest, digest)) source = sender.id;
    return source;
  };
}

/** SHA-256 of a token; enough for random tokens, never for passwords. */
export function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** The token of `Authorization: Bearer …`; null when there is none. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
