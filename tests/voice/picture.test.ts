import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIXELS_MAX, readPicture } from '../../server/voice/picture.ts';
import { aGif, aJpeg, aPng, aWebp } from './pictures.ts';

const kinds = {
  'image/png': aPng,
  'image/jpeg': aJpeg,
  'image/gif': aGif,
  'image/webp': (width?: number, height?: number) => aWebp('VP8 ', width, height),
} as const;

describe('the reading of a picture', () => {
  it.each(Object.entries(kinds))('knows %s by its bytes', (type, make) => {
    expect(readPicture(make())).toEqual({ type });
  });

  it.each(['VP8 ', 'VP8L', 'VP8X'] as const)('knows WebP of kind %s', (kind) => {
    expect(readPicture(aWebp(kind, 40, 30))).toEqual({ type: 'image/webp' });
    expect(readPicture(aWebp(kind, 40, PIXELS_MAX + 1))).toMatchObject({
      trouble: expect.stringContaining('larger'),
    });
  });

  it.each(Object.entries(kinds))('refuses %s that unfolds into a huge one', (_type, make) => {
    expect(readPicture(make(PIXELS_MAX, PIXELS_MAX))).toHaveProperty('type');
    for (const bytes of [make(PIXELS_MAX + 1, 1), make(1, PIXELS_MAX + 1)])
      expect(readPicture(bytes)).toMatchObject({
        trouble: expect.stringContaining('larger than 2048 pixels'),
      });
  });

  it.each([
    ['PNG', aPng(2, 2, true)],
    ['GIF', aGif(2, 2, 2)],
    ['WebP', aWebp('VP8X', 2, 2, true)],
  ])('refuses a %s that moves', (_kind, bytes) => {
    expect(readPicture(bytes)).toMatchObject({ trouble: expect.stringContaining('moves') });
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['nothing', Buffer.alloc(0)],
    ['AVIF', Buffer.from('\0\0\0\x1cftypavif', 'latin1')],
  ])('refuses %s', (_kind, bytes) => {
    expect(readPicture(bytes)).toMatchObject({ trouble: expect.stringContaining('no PNG') });
  });

  it('refuses one that is cut off anywhere before its size, and never fails', () => {
    for (const make of Object.values(kinds)) {
      const whole = make();
      for (let length = 0; length < whole.length; length += 1) readPicture(whole.subarray(0, length));
      expect(readPicture(whole.subarray(0, 12))).toHaveProperty('trouble');
    }
  });

  it('ends with any bytes at all', () => {
    const begun = fc.constantFrom(...Object.values(kinds).map((make) => make().subarray(0, 16)));
    fc.assert(
      fc.property(begun, fc.uint8Array({ maxLength: 400 }), (head, tail) => {
        const read = readPicture(Buffer.concat([head, tail]));
        expect('type' in read || 'trouble' in read).toBe(true);
      }),
    );
  });
});
