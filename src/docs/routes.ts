import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DECORATORS } from '@nestjs/swagger';

import { ANSWERS, type AnswersOfRoute } from '../common/answers.decorator.js';
import { FORM_ROUTE, IS_PUBLIC, REQUIRED_ROLE } from '../common/decorators.js';
import type { FormRoute } from '../common/form-post.js';
import type { Role } from '../protocol/views.js';

/** A handler of a controller, with what its decorators and its types say about it. */
export interface Route {
  answers: AnswersOfRoute | undefined;
  isPublic: boolean;
  isForm: boolean;
  role: Role | undefined;
  /** The classes of what it takes in. */
  inputs: Function[];
}

/** The name of a handler in the document. */
export const idOf = (controller: string, method: string): string => `${controller}.${method}`;

/** Every handler of the app's controllers, by that name. */
export function routesOf(app: INestApplication): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') {
        continue;
      }
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(metatype.prototype))) {
        if (typeof value === 'function' && name !== 'constructor') {
          routes.set(idOf(metatype.name, name), routeOf(metatype, name, value));
        }
      }
    }
  }
  return routes;
}

function routeOf(controller: Function, name: string, handler: object): Route {
  const told = (key: string) => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  const form: FormRoute | undefined = told(FORM_ROUTE);
  const types: unknown[] = Reflect.getMetadata('design:paramtypes', controller.prototype, name) ?? [];
  // A body that a guard reads is no parameter; `@ApiBody` tells of it.
  const bodies: { type?: unknown }[] = Reflect.getMetadata(DECORATORS.API_PARAMETERS, handler) ?? [];
  return {
    answers: told(ANSWERS),
    isPublic: told(IS_PUBLIC) === true,
    isForm: form !== undefined,
    role: told(REQUIRED_ROLE),
    inputs: [...types, ...bodies.map(({ type }) => type)].filter((input) => typeof input === 'function'),
  };
}
