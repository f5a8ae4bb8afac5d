import type { z } from 'zod';
import {
  ackCommand,
  alertsAnswer,
  auditAnswer,
  byCommand,
  previewAnswer,
  previewCommand,
  ruleChange,
  ruleCommand,
  ruleMade,
  rulesAnswer,
  silenceCommand,
  silenceMade,
  snoozeCommand,
} from '../../shared/wire-alerts.ts';
import { adminRead, command, parameter } from './openapi-desk.ts';
import type { JsonObject } from './openapi-parts.ts';

/** The schemas of rules and alerts, by their names in the document. */
export const alertSchemas: Record<string, z.ZodType> = {
  Rules: rulesAnswer,
  RuleCommand: ruleCommand,
  RuleChange: ruleChange,
  RuleMade: ruleMade,
  By: byCommand,
  PreviewCommand: previewCommand,
  Preview: previewAnswer,
  Alerts: alertsAnswer,
  AckCommand: ackCommand,
  SnoozeCommand: snoozeCommand,
  SilenceCommand: silenceCommand,
  SilenceMade: silenceMade,
  RuleChanges: auditAnswer,
};

const gone = { '404': 'It is not there any more' };

/** The paths of rules and alerts; docs/alerts.md says what they mean. */
export function alertPaths(): JsonObject {
  const after = parameter('after', 'query', 'The `next` of the page before');
  return {
    '/api/alerts/rules': {
      get: adminRead('rules', 'Every rule, how it stands, and what rules can name', 'Rules'),
      post: command('makeRule', 'Make a rule', 'RuleCommand', 'RuleMade', { '429': 'There are too many' }),
    },
    '/api/alerts/rules/{id}': {
      post: one('changeRule', 'Change a rule', 'RuleChange', 'RuleMade'),
    },
    '/api/alerts/rules/{id}/delete': { post: one('dropRule', 'Delete a rule', 'By', 'Done') },
    '/api/alerts/rules/{id}/on': { post: one('switchRuleOn', 'Switch a rule on', 'By', 'RuleMade') },
    '/api/alerts/rules/{id}/off': { post: one('switchRuleOff', 'Switch a rule off', 'By', 'RuleMade') },
    '/api/alerts/preview': {
      post: command(
        'previewRule',
        'When a rule would have fired in the last four weeks',
        'PreviewCommand',
        'Preview',
        {},
      ),
    },
    '/api/alerts': {
      get: {
        ...adminRead('alerts', 'Open alerts, and those that are over, newest first', 'Alerts'),
        parameters: [after],
      },
    },
    '/api/alerts/{id}/ack': { post: one('ackAlert', 'Take an alert on', 'AckCommand', 'Done') },
    '/api/alerts/{id}/snooze': {
      post: one('snoozeAlert', 'Be told of an alert later', 'SnoozeCommand', 'Done'),
    },
    '/api/alerts/silences': {
      post: command('silence', 'Tell nobody for a while', 'SilenceCommand', 'SilenceMade', gone),
    },
    '/api/alerts/silences/{id}/end': { post: one('endSilence', 'End a silence', 'By', 'Done') },
    '/api/alerts/changes': {
      get: {
        ...adminRead('ruleChanges', 'Every change of a rule, newest first', 'RuleChanges'),
        parameters: [after],
      },
    },
    '/api/alerts/changes/{id}/undo': { post: one('undoChange', 'Undo a change of a rule', 'By', 'Done') },
  };
}

/** A command on one thing of a list. */
function one(operationId: string, summary: string, given: string, answered: string): JsonObject {
  return {
    ...command(operationId, summary, given, answered, gone),
    parameters: [parameter('id', 'path', 'As the list has it')],
  };
}
