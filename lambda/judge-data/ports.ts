/** One object of a listing: its key and its bytes as stored. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

/** What `judge-data` needs of S3: listings in key order, bodies as streams. */
export interface ObjectReader {
  list(bucket: string, prefix: string): Promise<readonly StoredObject[]>;
  open(bucket: string, key: string): Promise<AsyncIterable<Uint8Array>>;
}
