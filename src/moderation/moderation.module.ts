import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { Action } from '../chat/log/action.entity.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { UsersModule } from '../users/users.module.js';
import { ActionLog } from './actions/action.log.js';
import { ActionsController, RoomActionsController } from './actions/actions.controller.js';
import { ActionsRepository } from './actions/actions.repository.js';
import { AddressBansController } from './addresses/address-bans.controller.js';
import { CardsController } from './cards/cards.controller.js';
import { CardsService } from './cards/cards.service.js';
import { Note } from './cards/note.entity.js';
import { NotesRepository } from './cards/notes.repository.js';
import { EmoteImagesController, RoomEmotesController } from './emotes/emotes.controller.js';
import { EmotesService } from './emotes/emotes.service.js';
import { RoomExportController } from './exports/room-export.controller.js';
import { RoomExport } from './exports/room-export.service.js';
import { HeldController } from './held/held.controller.js';
import { HeldService } from './held/held.service.js';
import { StaffGateway } from './live/staff.gateway.js';
import { StaffNews } from './live/staff.news.js';
import { ModesService } from './modes/modes.service.js';
import { RenamesService } from './names/renames.service.js';
import { PinsController } from './pins/pins.controller.js';
import { PinsService } from './pins/pins.service.js';
import { Participation } from './participation.service.js';
import { PollCourse } from './polls/poll.course.js';
import { PollsController } from './polls/polls.controller.js';
import { PollsService } from './polls/polls.service.js';
import { QuestionChecks } from './questions/question.checks.js';
import { QuestionNews } from './questions/question.news.js';
import { QuestionVote } from './questions/question-vote.entity.js';
import { Question } from './questions/question.entity.js';
import { QuestionsController } from './questions/questions.controller.js';
import { QuestionsRepository } from './questions/questions.repository.js';
import { QuestionsService } from './questions/questions.service.js';
import { RaidCourse } from './raids/raid.course.js';
import { RaidsController } from './raids/raids.controller.js';
import { RaidsService } from './raids/raids.service.js';
import { PersonRestoreService } from './removals/person-restore.service.js';
import { RemovalsController } from './removals/removals.controller.js';
import { RemovalsService } from './removals/removals.service.js';
import { Report } from './reports/report.entity.js';
import { ReportsController } from './reports/reports.controller.js';
import { ReportsRepository } from './reports/reports.repository.js';
import { ReportsService } from './reports/reports.service.js';
import { RulesController } from './rules/rules.controller.js';
import { RulesService } from './rules/rules.service.js';
import { RoomModeratorsController } from './roles/room-moderators.controller.js';
import { RoomModeratorsService } from './roles/room-moderators.service.js';
import { RoomSanctionsController, SanctionsController } from './sanctions/sanctions.controller.js';
import { SanctionsService } from './sanctions/sanctions.service.js';
import { BlockedTerm } from './terms/term.entity.js';
import { RoomTermsController, TermsController } from './terms/terms.controller.js';
import { TermsRepository } from './terms/terms.repository.js';
import { TermsService } from './terms/terms.service.js';
import { EventSessionsController } from './sessions/event-sessions.controller.js';
import { EventSessionsService } from './sessions/event-sessions.service.js';
import { StageService } from './sessions/stage.service.js';
import { Timer } from './timers/timer.entity.js';
import { TimersController } from './timers/timers.controller.js';
import { TimersRepository } from './timers/timers.repository.js';
import { TimersRunner } from './timers/timers.runner.js';
import { TimersService } from './timers/timers.service.js';
import { WarningsController } from './warnings/warnings.controller.js';
import { WarningsService } from './warnings/warnings.service.js';
import { StaffService } from './staff.service.js';

/** Keeping rooms pleasant: who may do what to whom, and what the log then says. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Action, BlockedTerm, Note, Question, QuestionVote, Report, Timer]),
    AuthModule,
    ChatModule,
    UsersModule,
  ],
  controllers: [
    RoomActionsController,
    ActionsController,
    HeldController,
    RoomExportController,
    RoomTermsController,
    TermsController,
    RoomSanctionsController,
    SanctionsController,
    RoomModeratorsController,
    PinsController,
    PollsController,
    QuestionsController,
    RaidsController,
    RemovalsController,
    ReportsController,
    RulesController,
    TimersController,
    EventSessionsController,
    WarningsController,
    CardsController,
    AddressBansController,
    RoomEmotesController,
    EmoteImagesController,
  ],
  providers: [
    ActionLog,
    ActionsRepository,
    EmotesService,
    HeldService,
    CardsService,
    NotesRepository,
    RenamesService,
    ModesService,
    Participation,
    PinsService,
    PollCourse,
    PollsService,
    QuestionChecks,
    QuestionNews,
    QuestionsRepository,
    QuestionsService,
    RaidCourse,
    RaidsService,
    PersonRestoreService,
    RemovalsService,
    ReportsRepository,
    ReportsService,
    RoomExport,
    RoomModeratorsService,
    RulesService,
    SanctionsService,
    StaffGateway,
    StaffNews,
    StaffService,
    StageService,
    TermsRepository,
    TermsService,
    TimersRepository,
    TimersRunner,
    EventSessionsService,
    TimersService,
    WarningsService,
  ],
  exports: [
    ActionLog,
    EmotesService,
    EventSessionsService,
    HeldService,
    PinsService,
    QuestionChecks,
    QuestionsRepository,
    QuestionsService,
    ReportsRepository,
    ReportsService,
    SanctionsService,
    TermsService,
  ],
})
export class ModerationModule {}
