import type { Random } from './random.ts';

/** Made-up people. */
const firstNames = [
  'Abena',
  'Alma',
  'Anouk',
  'Arlo',
  'Bashir',
  'Bea',
  'Calvin',
  'Chidi',
  'Dalia',
  'Desmond',
  'Edie',
  'Efua',
  'Emre',
  'Farah',
  'Felix',
  'Gita',
  'Hollis',
  'Ines',
  'Jonah',
  'Joss',
  'Kavya',
  'Lena',
  'Lior',
  'Mabel',
  'Marisol',
  'Mika',
  'Nadia',
  'Noor',
  'Odell',
  'Orla',
  'Petra',
  'Quincy',
  'Rafe',
  'Renata',
  'Ronan',
  'Sabine',
  'Selim',
  'Tamsin',
  'Teo',
  'Uma',
  'Vera',
  'Wes',
  'Xenia',
  'Yara',
  'Zeke',
];
const lastNames = [
  'Ashgrove',
  'Bellweather',
  'Calloway',
  'Dunmore',
  'Eastlake',
  'Fairholt',
  'Greenhow',
  'Hartwell',
  'Inglewood',
  'Juniper',
  'Kestrel',
  'Larkspur',
  'Marlowe',
  'Northcott',
  'Oakhurst',
  'Pemberly',
  'Quill',
  'Ravensworth',
  'Silverton',
  'Thornbury',
  'Underhill',
  'Vantongeren',
  'Westbrook',
  'Yarrow',
];
const mailHosts = ['mail.example', 'post.example', 'inbox.example', 'letters.example'];
const habits = [
  'between_shifts',
  'walks_the_dog',
  'on_the_q_train',
  'bakes_at_night',
  'reads_everything',
  'rides_the_ferry',
];

export interface Person {
  name: string;
  /** first.last, lower case */
  slug: string;
}

export function aPerson(random: Random): Person {
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  return { name: `${first} ${last}`, slug: `${first}.${last}`.toLowerCase() };
}

/** An address that cannot exist: .example is set aside (RFC 2606). */
export function addressOf(person: Person, random: Random): string {
  return `${person.slug}@${random.pick(mailHosts)}`;
}

/** Too long for X, which allows 15 characters: nobody's handle. */
export function longHandleOf(person: Person, random: Random): string {
  return `${person.slug.split('.')[0] ?? ''}_${random.pick(habits)}`;
}

/** 555-0100 to 555-0199 are set aside for fiction in every area of North America. */
export function aNumber(random: Random): string {
  return `+1${random.int(201, 989)}5550${random.int(100, 199)}`;
}
