/** One part of a message, decoded. */
export interface Part {
  /** Names in small letters, unfolded. */
  headers: Record<string, string>;
  type: string;
  body: Buffer;
  parts: Part[];
}

/** Reads a message as it arrived (RFC 2045, 2046), with its parts. */
export function readMime(text: string): Part {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n\n');
  const headers = Object.fromEntries(
    head
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  const type = headers['content-type'] ?? 'text/plain';
  const body = rest.join('\n\n');
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  return {
    headers,
    type: type.split(';')[0] ?? '',
    body: decoded(body, headers['content-transfer-encoding'] ?? '7bit'),
    parts:
      boundary === undefined
        ? []
        : body
            .split(`--${boundary}`)
            .slice(1, -1)
            .map((part) => readMime(part.replace(/^\n/, ''))),
  };
}

/** All parts that hold something, in their order. */
export function leaves(part: Part): Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
}

function decoded(body: string, how: string): Buffer {
  switch (how.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return Buffer.from(
        body
          .replace(/=\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
    default:
      return Buffer.from(body);
  }
}
