import type { IncomingMessage } from 'node:http';

/**
 * True when the request was made to this computer by its own name. Without a lock this is asked of every request, or
 * a page on the web could read the wall through a name that it points here (DNS rebinding).
 */
export function isForThisComputer(request: IncomingMessage): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(request.headers.host ?? '')?.[1]?.toLowerCase();
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

/** True when no other site's page sent this: there is no Origin, or it is the host that was asked. */
export function isFromOurPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  const from = URL.parse(origin)?.host;
  if (from === undefined || from === '') return false;
  // A proxy may have changed Host; a page of another site cannot set either header.
  return from === host?.toLowerCase() || from === request.headers['x-forwarded-host'];
}

/** True when the caller's side is TLS, by our socket or by the word of a proxy. */
export function isOverTls(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
}
