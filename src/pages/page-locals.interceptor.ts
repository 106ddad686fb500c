import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';

import { PageFrame, type PageModel } from './page-frame.js';

/** Puts the frame around what a page's handler returns. */
@Injectable()
export class PageLocalsInterceptor implements NestInterceptor<PageModel, Record<string, unknown>> {
  constructor(private readonly frame: PageFrame) {}

  intercept(context: ExecutionContext, next: CallHandler<PageModel>): Observable<Record<string, unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(map((model) => this.frame.locals(model, request, request.viewer)));
  }
}
