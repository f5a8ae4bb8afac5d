/**
 * The text of a feed, in the encoding that it really has: a byte-order mark says it, else UTF-8 where it is valid, else
 * what the HTTP header says, else what the XML declaration says, else Windows-1252. Servers often name a wrong one.
 */
export function decodeFeed(body: Uint8Array, contentType: string | null): string {
  const marked = markOf(body);
  if (marked !== null) return new TextDecoder(marked).decode(body);
  const start = new TextDecoder('latin1').decode(body.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1];
  const named = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1];
  for (const encoding of ['utf-8', named, declared]) {
    const text = encoding === undefined ? null : decoded(body, encoding);
    if (text !== null) return text;
  }
  return new TextDecoder('windows-1252').decode(body);
}

function markOf(body: Uint8Array): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : null;
}

function decoded(body: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch (error) {
    // An unknown encoding, or bytes that are not of it.
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
