import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import { FORM_ROUTE } from '../common/decorators.js';
import { isForm, noteFormPost, type FormRoute } from '../common/form-post.js';

/**
 * Notes which form was posted before anything can refuse it; an exception filter is not told the handler. It is a guard since
 * guards run first, and it lets everything pass.
 */
@Injectable()
export class FormRouteGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    if (context.getType() === 'http') {
      const route = this.reflector.get<FormRoute | undefined>(FORM_ROUTE, context.getHandler());
      const request = context.switchToHttp().getRequest<Request>();
      if (route && isForm(request)) {
        noteFormPost(request, route);
      }
    }
    return true;
  }
}
