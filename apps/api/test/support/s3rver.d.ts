declare module 's3rver' {
  interface Listing {
    objects: { key: string }[];
    commonPrefixes: string[];
    isTruncated: boolean;
  }
  interface Context {
    method: string;
    query: Record<string, string | undefined>;
    status: number;
    type: string;
    body: unknown;
  }

  /** The little of it that is used: the package has no types. */
  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string; configs: string[] }[];
    });
    middleware: ((ctx: Context, next: () => Promise<void>) => Promise<void>)[];
    store: {
      listObjects(bucket: string, options: { maxKeys: number }): Promise<Listing>;
      getObject(bucket: string, key: string, options?: { start?: number; end?: number }): Promise<unknown>;
      deleteObject(bucket: string, key: string): Promise<void>;
    };
    run(): Promise<{ address: string; port: number }>;
    close(): Promise<void>;
  }
}
