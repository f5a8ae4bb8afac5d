/** A picture may be at most so many pixels wide or high: a small file can unfold into a large one. */
export const PIXELS_MAX = 2_048;

/** What the bytes are: a still PNG, JPEG, GIF or WebP of bearable size, or why they are not shown, in words. */
export type PictureRead = { type: string } | { trouble: string };

/** Looks at the bytes themselves; what the sender calls them is not believed. */
export function readPicture(bytes: Uint8Array): PictureRead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = KINDS.find(({ begins }) => begins(bytes));
  if (found === undefined) return { trouble: 'It is no PNG, JPEG, GIF or WebP.' };
  let size: Size | null;
  try {
    size = found.size(view);
  } catch (error) {
    // A view refuses to read behind its end: the file is cut off.
    if (!(error instanceof RangeError)) throw error;
    size = null;
  }
  if (size === null || size.width === 0 || size.height === 0) return { trouble: 'The picture is damaged.' };
  if (size.moves) return { trouble: 'The picture moves, and nothing on the wall may.' };
  if (size.width > PIXELS_MAX || size.height > PIXELS_MAX)
    return { trouble: `The picture is larger than ${PIXELS_MAX} pixels.` };
  return { type: found.type };
}

interface Size {
  width: number;
  height: number;
  moves: boolean;
}

interface Kind {
  type: string;
  begins: (bytes: Uint8Array) => boolean;
  /** Null when it cannot be told. Throws RangeError when the file ends too soon. */
  size: (view: DataView) => Size | null;
}

const KINDS: readonly Kind[] = [
  {
    type: 'image/png',
    begins: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    size: pngSize,
  },
  { type: 'image/jpeg', begins: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]), size: jpegSize },
  { type: 'image/gif', begins: (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6)), size: gifSize },
  {
    type: 'image/webp',
    begins: (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP',
    size: webpSize,
  },
];

/** PNG, third edition: chunks of length, type, data and checksum; `acTL` before the first `IDAT` makes it move. */
function pngSize(view: DataView): Size | null {
  if (tag(view, 12) !== 'IHDR') return null;
  const size = { width: view.getUint32(16), height: view.getUint32(20), moves: false };
  for (let at = 8; ; at += 12 + view.getUint32(at)) {
    const type = tag(view, at + 4);
    if (type === 'acTL') return { ...size, moves: true };
    if (type === 'IDAT') return size;
  }
}

/** ITU-T T.81: segments until a frame header (SOFn), which holds the size. */
function jpegSize(view: DataView): Size | null {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), moves: false };
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + view.getUint16(at + 2);
  }
}

/** GIF89a: blocks after the screen's size and colours; a second image makes it move. */
function gifSize(view: DataView): Size | null {
  const size = { width: view.getUint16(6, true), height: view.getUint16(8, true), moves: false };
  const colours = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(view.getUint8(10));
  let images = 0;
  const skipBlocks = (): void => {
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length;
    at += 1;
  };
  for (;;) {
    const block = view.getUint8(at);
    if (block === 0x3b) return images === 0 ? null : size;
    if (block === 0x21) at += 2;
    else if (block === 0x2c) {
      images += 1;
      if (images > 1) return { ...size, moves: true };
      at += 11 + colours(view.getUint8(at + 9));
    } else return null;
    skipBlocks();
  }
}

/** RFC 9649: the first chunk is lossy (VP8), lossless (VP8L) or says more (VP8X, whose second flag means it moves). */
function webpSize(view: DataView): Size | null {
  switch (tag(view, 12)) {
    case 'VP8 ':
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
        moves: false,
      };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, moves: false };
    }
    case 'VP8X':
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
        moves: (view.getUint8(20) & 2) !== 0,
      };
    default:
      return null;
  }
}

function startsWith(bytes: Uint8Array, signs: readonly number[]): boolean {
  return signs.every((sign, i) => bytes[i] === sign);
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function tag(view: DataView, at: number): string {
  return [0, 1, 2, 3].map((i) => String.fromCharCode(view.getUint8(at + i))).join('');
}
