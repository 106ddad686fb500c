import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';

import type { Role } from '../protocol/views.js';
import type { FormRoute } from './form-post.js';
import { FormInterceptor } from './form.interceptor.js';
import type { Viewer } from './viewer.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** Put there by the identity middleware before any guard runs. */
    viewer: Viewer;
  }
}

export const IS_PUBLIC = 'madang:public';
export const REQUIRED_ROLE = 'madang:role';
export const FORM_ROUTE = 'madang:form';

/** Opens a route to guests; every route without it answers 401 to them. */
export const Public = () => SetMetadata(IS_PUBLIC, true);

/** Demands at least this role: 401 for guests, 403 for those below it. */
export const Roles = (role: Role) => SetMetadata(REQUIRED_ROLE, role);

/** Lets a JSON route be posted as a plain form too: urlencoded in means HTML out (`form.interceptor.ts`). */
export const Form = (route: FormRoute) =>
  applyDecorators(SetMetadata(FORM_ROUTE, route), UseInterceptors(FormInterceptor));

/** The viewer of this HTTP request. */
export const CurrentViewer = createParamDecorator((_: unknown, context: ExecutionContext): Viewer => {
  return context.switchToHttp().getRequest<Request>().viewer;
});
