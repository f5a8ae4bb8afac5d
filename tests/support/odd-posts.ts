import { HOUR, MINUTE } from '../../shared/time.ts';
import { aPost, NOW } from './a-snapshot.ts';

/** Posts that are hard to set: long handles, a script from the right, a word without an end. */
export const ODD_POSTS = [
  aPost({
    id: 'o1',
    network: 'bluesky',
    handle: '@noor-dunmore.sky.example',
    text: 'In and out in half an hour.',
    at: NOW - 44 * MINUTE,
  }),
  aPost({
    id: 'o2',
    network: 'x',
    name: 'Odell Fairholt',
    handle: '@odell_bakes_at_night',
    text: 'اتصلت بالعيادة وردوا فورًا، شكرا جزيلا لكم!',
    at: NOW - 57 * MINUTE,
  }),
  aPost({
    id: 'o3',
    handle: '@hollis_northcott@social.example',
    text: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrik',
    at: NOW - 3 * HOUR,
  }),
];
