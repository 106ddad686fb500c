import { Injectable } from '@nestjs/common';

import type { Viewer } from '../common/viewer.js';
import { AccountViews } from './account-views.js';
import { AdminRoomsView } from './admin-rooms-view.js';
import { AiAdminView } from './ai-admin-view.js';
import { HomeView } from './home-view.js';
import type { PageModel } from './page-frame.js';

type Fields = Readonly<Record<string, string>>;
type MakeModel = (viewer: Viewer, fields: Fields) => PageModel | Promise<PageModel>;

/** The pages that hold a plain form, by the name of their view, so that a refused form can be shown again. */
@Injectable()
export class FormViews {
  private readonly models: Record<string, MakeModel | undefined> = {
    'admin/ai': (viewer) => this.ai.model(viewer),
    'admin/rooms': (viewer) => this.rooms.model(viewer),
    home: (viewer, fields) => this.home.refused(viewer, fields),
    login: (viewer) => this.accounts.login(viewer),
    register: (viewer) => this.accounts.register(viewer),
    settings: (viewer) => this.accounts.settings(viewer),
  };

  constructor(
    private readonly home: HomeView,
    private readonly accounts: AccountViews,
    private readonly ai: AiAdminView,
    private readonly rooms: AdminRoomsView,
  ) {}

  /** The page's own model for this viewer and what they sent; null for a view that holds no form. */
  async modelOf(view: string, viewer: Viewer, fields: Fields): Promise<PageModel | null> {
    return (await this.models[view]?.(viewer, fields)) ?? null;
  }
}
