import type { Settings } from './schema.ts';

/** What is set up while nothing is configured: a team that does not exist, always open, in this machine's zone. */
export function demoSettings(zone: string): Settings {
  return {
    site: {
      name: 'Harbor Health',
      place: 'Demo',
      zone,
      country: 'us',
      domains: ['harbor.example'],
      hours: 'always',
      holidays: [],
      open_on: [],
      short_abandon: 5_000,
      first_ring_from: 'phones',
      targets: { first_ring: 75, emails: { percent: 90 } },
    },
    teams: [
      {
        id: 'patient-support',
        name: 'Patient Support',
        targets: {},
        text_numbers: [],
        queues: [
          { id: 'support', kind: 'calls', dids: [] },
          { id: 'help', kind: 'mailbox', keep: 'hashed', addresses: ['help@harbor.example'] },
        ],
      },
    ],
    boards: [],
    human_senders: [],
    own_accounts: ['harborhealth'],
    mentions: { muted_words: [], muted_accounts: [], languages: [] },
    sources: [],
  };
}
