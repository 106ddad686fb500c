import { Injectable } from '@nestjs/common';

import type { Viewer } from '../common/viewer.js';
import { AccountViews } from './account-views.js';
import { HomeView } from './home-view.js';
import type { PageModel } from './page-frame.js';

/** The pages that hold a plain form, by the name of their view, so that a refused form can be shown again. */
@Injectable()
export class FormViews {
  private readonly models: Record<string, ((viewer: Viewer) => PageModel | Promise<PageModel>) | undefined> =
    {
      home: (viewer) => this.home.model(viewer),
      login: (viewer) => this.accounts.login(viewer),
      register: (viewer) => this.accounts.register(viewer),
      settings: (viewer) => this.accounts.settings(viewer),
    };

  constructor(
    private readonly home: HomeView,
    private readonly accounts: AccountViews,
  ) {}

  /** The page's own model for this viewer; null for a view that holds no form. */
  async modelOf(view: string, viewer: Viewer): Promise<PageModel | null> {
    return (await this.models[view]?.(viewer)) ?? null;
  }
}
