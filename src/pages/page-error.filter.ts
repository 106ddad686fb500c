import { Catch } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { Locale } from '../protocol/views.js';
import { ApiErrorFilter, localeOf } from '../common/api-error.filter.js';
import { errorBody } from '../common/error-answer.js';
import type { DomainError } from '../common/errors.js';
import { formPostOf } from '../common/form-post.js';
import { isMessageKey, translate } from '../common/i18n/translate.js';
import { safeNext } from '../common/safe-next.js';
import type { Viewer } from '../common/viewer.js';
import { FormViews } from './form-views.js';
import { PageFrame, type PageModel } from './page-frame.js';
import { wantsHtml } from './wants-html.js';

/**
 * Refusals as pages: a guest on a protected page is led to the log-in, a refused form is shown again with what was typed, and all
 * else is an error page. Programs get the JSON of the filter this one extends. The status is already set.
 */
@Catch()
export class PageErrorFilter extends ApiErrorFilter {
  constructor(
    private readonly frame: PageFrame,
    private readonly forms: FormViews,
  ) {
    super();
  }

  protected override answer(error: DomainError, request: Request, response: Response): void {
    if (!wantsHtml(request)) {
      super.answer(error, request, response);
      return;
    }
    response.vary('Accept');
    if (error.code === 'auth.required' && request.method !== 'POST') {
      const next = encodeURIComponent(safeNext(request.originalUrl, '/'));
      response.redirect(302, `/user/login?next=${next}`);
      return;
    }
    void this.render(error, request, response);
  }

  private async render(error: DomainError, request: Request, response: Response): Promise<void> {
    const viewer = viewerOf(request);
    try {
      const form = await this.refusedForm(error, request, viewer);
      const [view, model] = form ?? ['error', errorPage(error, viewer.locale)];
      response.render(view, this.frame.locals(model, request, viewer));
    } catch {
      // The page itself cannot be made, so the refusal goes out without one.
      super.answer(error, request, response);
    }
  }

  private async refusedForm(
    error: DomainError,
    request: Request,
    viewer: Viewer,
  ): Promise<[string, PageModel] | null> {
    const post = formPostOf(request);
    if (!post || error.code === 'csrf' || error.code === 'auth.required') {
      return null;
    }
    const model = await this.forms.modelOf(post.route.view, viewer, post.fields);
    if (!model) {
      return null;
    }
    const { message, fields } = errorBody(error, viewer.locale);
    const refusal = { form: post.fields, errors: fields ?? {}, formError: message, next: post.next };
    const nextQuery = encodeURIComponent(post.next);
    return [post.route.view, { ...model, ...refusal, nextQuery }];
  }
}

/** The error page of a refusal. */
export function errorPage(error: DomainError, locale: Locale): PageModel {
  const { code, message } = errorBody(error, locale);
  const heading = `page.error.${error.status}`;
  const advice = `page.error.advice-${error.status}`;
  return {
    title: translate(locale, isMessageKey(heading) ? heading : fallbackHeading(error.status)),
    heading: translate(locale, isMessageKey(heading) ? heading : fallbackHeading(error.status)),
    message,
    advice: isMessageKey(advice) ? translate(locale, advice) : '',
    status: error.status,
    code,
    login: error.code === 'auth.required' ? '/user/login' : '',
    lost: error.status === 404,
    mainClass: 'center-page',
  };
}

function fallbackHeading(status: number): 'page.error.400' | 'page.error.500' {
  return status < 500 ? 'page.error.400' : 'page.error.500';
}

/** A request refused before it had a viewer is a guest's. */
function viewerOf(request: Request): Viewer {
  const known: Viewer | undefined = (request as Partial<Request>).viewer;
  return known ?? { account: null, sessionId: null, locale: localeOf(request), address: '' };
}
