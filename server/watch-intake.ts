import type { Intake } from './intake/intake.ts';
import type { Observed } from './observe/observe.ts';

/** The same intake, with how long each commit took and what became of each fact counted. */
export function watchIntake(intake: Intake, observed: Observed): Intake {
  return {
    ...intake,
    async save(source, facts, cursor) {
      const outcomes = await observed.timed('commit', () => intake.save(source, facts, cursor));
      const counts = { stored: 0, repeat: 0, conflict: 0 };
      for (const outcome of outcomes) counts[outcome] += 1;
      for (const outcome of ['stored', 'repeat', 'conflict'] as const) {
        if (counts[outcome] > 0) observed.facts(source, outcome, counts[outcome]);
      }
      return outcomes;
    },
    refused(source, count) {
      observed.facts(source, 'refused', count);
      intake.refused(source, count);
    },
  };
}
