import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import type { ActionView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CSV_MARK } from '../../common/csv.js';
import { CurrentViewer, Roles } from '../../common/decorators.js';
import { download, jsonLines } from '../../common/download.js';
import type { Viewer } from '../../common/viewer.js';
import { ActionsQueryDto } from './action.dto.js';
import { ActionLog } from './action.log.js';
import { actionLine, ACTIONS_HEAD } from './action.presenter.js';

const SHOWN = { 200: { actions: ['Action'], more: 'Flag' } } as const;

/** What was done in one room, for its staff: the service knows who is. */
@Controller('api/rooms/:slug/actions')
export class RoomActionsController {
  constructor(private readonly log: ActionLog) {}

  @Get()
  @Answers(
    'What staff did in the room; with `format`, all of it as a file',
    SHOWN,
    'auth.forbidden',
    'not-found',
  )
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: ActionsQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    await answer(this.log, viewer, slug, query, response);
  }
}

/** The same of every room, and of the server itself. */
@Controller('api/actions')
@Roles('admin')
export class ActionsController {
  constructor(private readonly log: ActionLog) {}

  @Get()
  @Answers('What staff did anywhere; with `format`, all of it as a file', SHOWN)
  async list(
    @CurrentViewer() viewer: Viewer,
    @Query() query: ActionsQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    await answer(this.log, viewer, null, query, response);
  }
}

async function answer(
  log: ActionLog,
  viewer: Viewer,
  slug: string | null,
  query: ActionsQueryDto,
  response: Response,
): Promise<void> {
  const { format } = query;
  if (format === undefined) {
    response.json(await log.page(viewer, slug, query));
    return;
  }
  const actions = await log.all(viewer, slug, query);
  const name = slug === null ? 'actions' : `actions-${slug}`;
  await download(response, name, format, format === 'csv' ? csv(actions) : jsonLines(actions));
}

async function* csv(actions: AsyncIterable<ActionView>): AsyncGenerator<string> {
  yield CSV_MARK + ACTIONS_HEAD;
  for await (const action of actions) {
    yield actionLine(action);
  }
}
