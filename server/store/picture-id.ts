import { hash } from 'node:crypto';

/** What a picture is called on this server, from its address elsewhere: 32 hex digits. */
export function pictureIdOf(url: string): string {
  return hash('sha256', url).slice(0, 32);
}

/** Its path on this server. */
export function picturePathOf(id: string): string {
  return `/avatars/${id}`;
}
