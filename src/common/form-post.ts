import type { Request } from 'express';

import { safeNext } from './safe-next.js';

/** The page a form route belongs to, and where its success leads. */
export interface FormRoute {
  /** The view that is rendered again, with the refusal and the fields kept, when the form is refused. */
  view: string;
  /** Where a success redirects (303) when the form carries no `next`. */
  next: string;
}

/** A form that was posted to a `@Form` route, as it must be shown again when it is refused. */
export interface FormPost {
  route: FormRoute;
  /** Where a success leads: the form's own wish if it is safe, else the route's. */
  target: string;
  /** The form's wish itself, "" without one. */
  next: string;
  /** What was typed, passwords left out. */
  fields: Readonly<Record<string, string>>;
}

const SECRET = /password|current/i;
const posts = new WeakMap<Request, FormPost>();

/** True if the body is a plain HTML form. */
export function isForm(request: Request): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
}

/** Notes the form and takes `next` out of the body, which no DTO knows and the validation pipe would refuse. */
export function noteFormPost(request: Request, route: FormRoute): void {
  const body: unknown = request.body;
  const sent = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const wish: unknown = sent.find(([name]) => name === 'next')?.[1];
  const texts = sent.filter((field): field is [string, string] => typeof field[1] === 'string');
  const next = safeNext(wish, '');
  if (sent.length > 0) {
    request.body = Object.fromEntries(sent.filter(([name]) => name !== 'next'));
  }
  posts.set(request, {
    route,
    target: next || route.next,
    next,
    fields: Object.fromEntries(texts.filter(([name]) => name !== 'next' && !SECRET.test(name))),
  });
}

export function formPostOf(request: Request): FormPost | undefined {
  return posts.get(request);
}
