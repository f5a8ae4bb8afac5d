import type { z } from 'zod';
import { channelsAnswer, undeliveredAnswer } from '../../shared/wire-channels.ts';
import { adminRead, command, parameter } from './openapi-desk.ts';
import type { JsonObject } from './openapi-parts.ts';

/** The schemas of channels, by their names in the document. */
export const channelSchemas: Record<string, z.ZodType> = {
  Channels: channelsAnswer,
  Undelivered: undeliveredAnswer,
};

/** The paths of channels; docs/alerts-channels.md says what they mean. */
export function channelPaths(): JsonObject {
  return {
    '/api/alerts/channels': {
      get: adminRead('channels', 'Where alerts are told, and how that goes', 'Channels'),
    },
    '/api/alerts/channels/{id}/test': {
      post: {
        ...command('testChannel', 'Send a message that says it is a test', 'SourceTest', 'SourceTestResult', {
          '404': 'No such channel',
          '429': 'A test of this channel is running',
        }),
        parameters: [parameter('id', 'path', "A channel's id", 'support')],
      },
    },
    '/api/alerts/undelivered': {
      get: adminRead('undelivered', 'Messages that were given up, newest first', 'Undelivered'),
    },
    '/api/alerts/undelivered/{id}/again': {
      post: act('tellAgain', 'Try to deliver a message again'),
    },
    '/api/alerts/undelivered/{id}/drop': {
      post: act('dropUndelivered', 'Take a message off the list'),
    },
  };
}

function act(operationId: string, summary: string): JsonObject {
  return {
    ...command(operationId, summary, 'By', 'Done', { '404': 'It is not on the list any more' }),
    parameters: [parameter('id', 'path', 'As the list has it')],
  };
}
