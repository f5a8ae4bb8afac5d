import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHIME_BYTES_MAX } from '../../server/config/chime-settings.ts';
import { type Config, loadConfig } from '../../server/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** A configuration in a folder of its own, whose only board has this chime. */
async function withChime(chime: string): Promise<Config> {
  writeFileSync(
    join(folder.path, 'c.yaml'),
    `site: { name: Harbor, zone: UTC }\nboards: [{ id: a, show: site${chime === '' ? '' : `, chime: ${chime}`} }]`,
  );
  return loadConfig({ CONFIG: 'c.yaml' }, folder.path);
}

const chimeOf = async (chime: string) => (await withChime(chime)).boards[0]?.chime;

describe('the chime of a board', () => {
  it.each(['', 'false'])('is off as %j', async (written) => {
    expect(await chimeOf(written)).toBeNull();
  });

  it('is soft and sounds at all hours when it is only switched on', async () => {
    expect(await chimeOf('true')).toEqual({ path: '/chimes/a', volume: 40, quiet: null });
  });

  it('takes a volume and quiet hours that pass midnight', async () => {
    expect(await chimeOf('{ volume: 15, quiet: "22:00-07:00" }')).toEqual({
      path: '/chimes/a',
      volume: 15,
      quiet: { from: '22:00', to: '07:00' },
    });
  });

  it('takes a sound from beside the configuration, and holds it', async () => {
    writeFileSync(join(folder.path, 'Ding.MP3'), 'ID3');
    const { chimes } = await withChime('{ file: Ding.MP3 }');
    expect(chimes.get('a')).toEqual({ type: 'audio/mpeg', bytes: Buffer.from('ID3') });
  });

  it.each([
    ['{ volume: 0 }', 'boards[0].chime.volume: must be a whole number from 1 to 100'],
    ['{ quiet: "22-7" }', 'boards[0].chime.quiet: must be a span of the day'],
    ['{ file: page.html }', 'boards[0].chime.file: must be a sound'],
    ['{ file: absent.wav }', 'boards[0].chime.file: names no file that can be read'],
    ['{ file: folder.wav }', 'boards[0].chime.file: names no file that can be read'],
    ['{ loudness: 3 }', 'loudness: is not known here'],
    ['loud', 'boards[0].chime: must be settings of its own'],
  ])('refuses %s and says how to mend it', async (written, said) => {
    mkdirSync(join(folder.path, 'folder.wav'));
    await expect(withChime(written)).rejects.toThrow(said);
  });

  it('refuses a sound that is longer than a tone', async () => {
    writeFileSync(join(folder.path, 'long.wav'), Buffer.alloc(CHIME_BYTES_MAX + 1));
    await expect(withChime('{ file: long.wav }')).rejects.toThrow('is too large: at most 1024 KB');
  });
});
