import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';

import { formPostOf } from './form-post.js';

/** Urlencoded in means HTML out: what a `@Form` route did well is answered with 303 to where the form leads next. */
@Injectable()
export class FormInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const post = formPostOf(http.getRequest<Request>());
    if (!post) {
      return next.handle();
    }
    return next.handle().pipe(
      map(() => {
        http.getResponse<Response>().status(303).location(post.target);
      }),
    );
  }
}
