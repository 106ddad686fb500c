export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, for expectations to look into; undefined when the answer is something else. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what an answer holds is what the test is about to check
  body: any;
  text: string;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Send the body urlencoded, as a browser sends a form. */
  form?: boolean;
}

/** A person's HTTP client: keeps cookies as a browser does, follows no redirect, throws on no status. */
export class ApiClient {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    /** The address this person seems to come from: tests trust their own proxy header, so each person has one. */
    readonly address: string | null = null,
  ) {}

  /** The Cookie header this client sends; empty for a guest. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', path, body, options);
  }

  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('PATCH', path, body, options);
  }

  delete(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('DELETE', path, body, options);
  }

  /** A string or bytes are sent as they are, anything else as JSON or as a form. */
  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    const headers = new Headers({
      ...(this.cookies.size > 0 && { cookie: this.cookie }),
      ...(this.address !== null && { 'x-forwarded-for': this.address }),
      ...(body !== undefined && {
        'content-type': options.form ? 'application/x-www-form-urlencoded' : 'application/json',
      }),
      ...options.headers,
    });
    const response = await fetch(this.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: encode(body, options.form ?? false) }),
    });
    this.keep(response.headers.getSetCookie());
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  private keep(setCookies: string[]): void {
    for (const line of setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/expires=Thu, 01 Jan 1970/i.test(line)) {
        this.cookies.delete(name!);
      } else {
        this.cookies.set(name!, value!);
      }
    }
  }
}

function encode(body: unknown, form: boolean): string | Buffer<ArrayBuffer> {
  if (typeof body === 'string') {
    return body;
  }
  if (Buffer.isBuffer(body)) {
    return Buffer.from(body);
  }
  return form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body);
}
