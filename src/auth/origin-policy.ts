import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { APP_CONFIG, type AppConfig } from '../config/app-config.js';

/** What the answer depends on besides the origin itself. */
export interface OriginContext {
  config: Pick<AppConfig, 'publicUrl' | 'allowedOrigins'>;
  /** The port this server listens on. */
  port: number;
  /** The addresses of the machine's own interfaces. */
  localAddresses: readonly string[];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Whether a page of this origin may change anything or open a socket. What was configured decides; with nothing
 * configured, the names this machine has for itself, with the server's own port. The request's Host is never asked: after
 * DNS rebinding it agrees with any origin.
 */
export function originAllowed(origin: string, { config, port, localAddresses }: OriginContext): boolean {
  if (config.publicUrl !== null || config.allowedOrigins.length > 0) {
    return origin === config.publicUrl || config.allowedOrigins.includes(origin);
  }
  const url = URL.canParse(origin) ? new URL(origin) : null;
  // Only the form in which browsers write an origin; `http://localhost/x` or `HTTP://LOCALHOST` is somebody's guess.
  if (url?.origin !== origin || url.protocol !== 'http:' || Number(url.port || 80) !== port) {
    return false;
  }
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isLoopback(name) || localAddresses.includes(name);
}

function isLoopback(name: string): boolean {
  const version = isIP(name);
  return version !== 0 && LOOPBACK.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

/** `originAllowed` for this server, as it is configured and where it listens. */
@Injectable()
export class OriginPolicy {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly host: HttpAdapterHost,
  ) {}

  /** An absent Origin is accepted: curl and bots send none, and browsers always do where it matters. */
  accepts(origin: string | undefined): boolean {
    if (origin === undefined) {
      return true;
    }
    return originAllowed(origin, {
      config: this.config,
      port: this.port(),
      localAddresses: Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .map(({ address }) => address),
    });
  }

  private port(): number {
    const address: unknown = this.host.httpAdapter.getHttpServer().address();
    return typeof address === 'object' && address !== null && 'port' in address
      ? Number(address.port)
      : this.config.port;
  }
}
